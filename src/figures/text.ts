/** Numbers and phrases as figures write them. */
import { counted } from '../outcome';

const UNITS = ['K', 'M', 'G', 'T', 'P'] as const;

/** Bytes of `pages` pages in the largest unit that divides them: `4K`, `2040K`, `2M`, `4T`. */
export function sizeText(pages: number): string {
  let [value, unit] = [pages * 4, 0];
  while (value % 1024 === 0 && value > 0 && unit < UNITS.length - 1) [value, unit] = [value / 1024, unit + 1];
  return `${value}${UNITS[unit]}`;
}

/** Breaks a text into lines of at most `width` characters, at spaces if possible. */
export function wrap(text: string, width: number): readonly string[] {
  const lines: string[] = [];
  let line = '';
  for (let word of text.split(' ')) {
    while (word.length > width) {
      if (line !== '') lines.push(line);
      [line, word] = [word.slice(0, width), word.slice(width)];
      lines.push(line);
      line = '';
    }
    const longer = line === '' ? word : `${line} ${word}`;
    if (longer.length <= width) line = longer;
    else {
      lines.push(line);
      line = word;
    }
  }
  return line === '' ? lines : [...lines, line];
}

/** Longer phrases lose their last ranges. */
const MOST_PHRASE = 200;

/** Separator of the ranges in a list. */
const NEXT_RANGE = /, (?=0x)/g;

/** A phrase with a list of ranges; if it is too long, the first ranges and the number of the others. */
export function withFewRanges(phrase: string): string {
  if (phrase.length <= MOST_PHRASE) return phrase;
  const ends = [...phrase.matchAll(NEXT_RANGE)].map(({ index }) => index);
  const end = ends.findLast((index) => index <= MOST_PHRASE);
  if (end === undefined) return phrase;
  const more = ends.filter((index) => index >= end).length;
  return `${phrase.slice(0, end)} and ${counted(more, 'more range')}`;
}

/** A text cut to `width` characters; two dots mark the cut. */
export function cut(text: string, width: number): string {
  return text.length <= width ? text : `${text.slice(0, Math.max(0, width - 2))}..`.slice(0, width);
}
