/** What can be watched for changes, and how it is written: `gfn 0x80000..0x80010 zapped`. */
import { readNumber } from '../language';
import { filePagesText, rangeText } from '../outcome';
import type { Range } from '../simulator/ranges';

/** Pages are half-open ranges. A slot is watched wherever it is, a file by the name that the scenario gave it. */
export type Place =
  | { readonly kind: 'anything' }
  | ({ readonly kind: 'gfns'; readonly vm: number } & Range)
  | { readonly kind: 'slot'; readonly vm: number; readonly slot: number }
  | ({ readonly kind: 'file-pages'; readonly file: string } & Range)
  | ({ readonly kind: 'pfns' } & Range);

/** What can happen to a place. */
export const WHATS = [
  'zapped',
  'mapped',
  'rewritten',
  'converted',
  'allocated',
  'freed',
  'poisoned',
  'created',
  'moved',
  'deleted',
  'smashed',
  'adjusted',
] as const;

export type What = (typeof WHATS)[number];

/** What can happen to places of a kind; the first are those that people ask for. */
export const WHATS_OF: Readonly<Record<Place['kind'], readonly What[]>> = {
  anything: [
    'zapped',
    'mapped',
    'rewritten',
    'converted',
    'allocated',
    'freed',
    'poisoned',
    'smashed',
    'adjusted',
  ],
  gfns: ['zapped', 'mapped', 'converted', 'rewritten'],
  slot: ['zapped', 'mapped', 'converted', 'rewritten', 'created', 'moved', 'deleted'],
  'file-pages': ['zapped', 'freed', 'allocated', 'poisoned', 'mapped', 'converted', 'rewritten'],
  pfns: ['converted', 'smashed', 'adjusted'],
};

/** A place with what is to happen to it; without, anything. */
export interface Watch {
  readonly place: Place;
  readonly what: What | null;
}

function vmText(vm: number): string {
  return vm === 0 ? '' : `vm ${vm} `;
}

export function placeText(place: Place): string {
  switch (place.kind) {
    case 'anything':
      return 'anything';
    case 'gfns':
      return `${vmText(place.vm)}gfn ${rangeText(place)}`;
    case 'slot':
      return `${vmText(place.vm)}slot ${place.slot}`;
    case 'file-pages':
      return `${place.file} ${filePagesText([place])}`;
    case 'pfns':
      return `pfn ${rangeText(place)}`;
  }
}

export function watchText({ place, what }: Watch): string {
  return what === null ? placeText(place) : `${placeText(place)} ${what}`;
}

const PAGES = String.raw`(?<start>\d\w*)(?:\.\.(?<end>\d\w*))?`;
const WHAT = String.raw`(?:\s+(?<what>${WHATS.join('|')}))?`;
const FORMS: readonly (readonly [RegExp, (groups: Record<string, string>, pages: Range) => Place])[] = [
  [/anything/, () => ({ kind: 'anything' })],
  [
    new RegExp(String.raw`(?:vm\s+(?<vm>\d+)\s+)?gfn\s+${PAGES}`),
    ({ vm }, pages) => ({ kind: 'gfns', vm: Number(vm ?? 0), ...pages }),
  ],
  [
    /(?:vm\s+(?<vm>\d+)\s+)?slot\s+(?<slot>\d+)/,
    ({ vm, slot }) => ({ kind: 'slot', vm: Number(vm ?? 0), slot: Number(slot) }),
  ],
  [new RegExp(String.raw`pfn\s+${PAGES}`), (_, pages) => ({ kind: 'pfns', ...pages })],
  [
    new RegExp(String.raw`(?<file>[\p{L}_][\p{L}\p{N}_.-]*)\s+pages?\s+${PAGES}`, 'u'),
    ({ file }, pages) => ({ kind: 'file-pages', file: file!, ...pages }),
  ],
];

function pageNumber(text: string): number {
  const read = readNumber(text);
  return 'value' in read ? Number(read.value) : Number.NaN;
}

function pagesOf({ start, end }: Record<string, string>): Range | null {
  if (start === undefined) return { start: 0, end: 0 };
  const first = pageNumber(start);
  const last = end === undefined ? first + 1 : pageNumber(end);
  return first < last && Number.isSafeInteger(last) ? { start: first, end: last } : null;
}

/** Reads what `watchText` writes; null where it is something else. */
export function parseWatch(text: string): Watch | null {
  for (const [form, placeFrom] of FORMS) {
    const found = new RegExp(`^\\s*${form.source}${WHAT}\\s*$`, form.flags).exec(text);
    const groups = found?.groups;
    if (found === null) continue;
    const pages = pagesOf(groups ?? {});
    if (pages === null) return null;
    const what = WHATS.find((candidate) => candidate === groups?.what) ?? null;
    return { place: placeFrom(groups ?? {}, pages), what };
  }
  return null;
}
