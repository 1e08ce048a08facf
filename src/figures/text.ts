/** Numbers and sentences as figures write them. */

const UNITS = ['K', 'M', 'G', 'T', 'P'] as const;

/** Bytes of `pages` pages in the largest unit that takes them whole: `4K`, `2040K`, `2M`, `4T`. */
export function sizeText(pages: number): string {
  let [value, unit] = [pages * 4, 0];
  while (value % 1024 === 0 && value > 0 && unit < UNITS.length - 1) [value, unit] = [value / 1024, unit + 1];
  return `${value}${UNITS[unit]}`;
}

/** Breaks a text into lines of at most `width` characters, at spaces where it can. */
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

/** Longer phrases lose the ranges at their end. */
const MOST_PHRASE = 200;

/** Between two ranges of a list. */
const NEXT_RANGE = /, (?=0x)/g;

/** A phrase that lists ranges, with the first of them and the number of the others where there are too many. */
export function withFewRanges(phrase: string): string {
  if (phrase.length <= MOST_PHRASE) return phrase;
  const ends = [...phrase.matchAll(NEXT_RANGE)].map(({ index }) => index);
  const end = ends.findLast((index) => index <= MOST_PHRASE);
  if (end === undefined) return phrase;
  const more = ends.filter((index) => index >= end).length;
  return `${phrase.slice(0, end)} and ${counted(more, 'more range')}`;
}

/** `1 page`, `12 pages`. */
export function counted(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? '' : 's'}`;
}

/** A text cut to `width` characters; two dots say that there was more. */
export function cut(text: string, width: number): string {
  return text.length <= width ? text : `${text.slice(0, Math.max(0, width - 2))}..`.slice(0, width);
}
