/** What can be watched for changes, and its text form: `gfn 0x80000..0x80010 zapped`. */
import { readNumber } from '../language';
import { filePagesText, rangeText } from '../outcome';
import { must, type Range } from '../simulator';
/** What is watched. Pages are half-open ranges. A slot is followed when it moves; a file is identified by its name. */
export type WatchTarget =
  | { readonly kind: 'anything' }
  | ({ readonly kind: 'gfns'; readonly vm: number } & Range)
  | { readonly kind: 'slot'; readonly vm: number; readonly slot: number }
  | ({ readonly kind: 'file-pages'; readonly file: string } & Range)
  | ({ readonly kind: 'pfns' } & Range);

/** What can happen to a watch target. */
export const CHANGE_KINDS = [
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

export type ChangeKind = (typeof CHANGE_KINDS)[number];

/** The kinds of change for each kind of watch target; the most useful come first. */
export const CHANGE_KINDS_OF: Readonly<Record<WatchTarget['kind'], readonly ChangeKind[]>> = {
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

/** A watch target and the kind of change to watch for; null means any change. */
export interface Watch {
  readonly target: WatchTarget;
  readonly what: ChangeKind | null;
}

function vmText(vm: number): string {
  return vm === 0 ? '' : `vm ${vm} `;
}

export function watchTargetText(target: WatchTarget): string {
  switch (target.kind) {
    case 'anything':
      return 'anything';
    case 'gfns':
      return `${vmText(target.vm)}gfn ${rangeText(target)}`;
    case 'slot':
      return `${vmText(target.vm)}slot ${target.slot}`;
    case 'file-pages':
      return `${target.file} ${filePagesText([target])}`;
    case 'pfns':
      return `pfn ${rangeText(target)}`;
  }
}

export function watchText({ target, what }: Watch): string {
  return what === null ? watchTargetText(target) : `${watchTargetText(target)} ${what}`;
}

const PAGES = String.raw`(?<start>\d\w*)(?:\.\.(?<end>\d\w*))?`;
const WHAT = String.raw`(?:\s+(?<what>${CHANGE_KINDS.join('|')}))?`;
type Groups = Readonly<Record<string, string | undefined>>;
const FORMS: readonly (readonly [RegExp, (groups: Groups, pages: Range) => WatchTarget])[] = [
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
    ({ file }, pages) => ({ kind: 'file-pages', file: must(file, 'file'), ...pages }),
  ],
];

function pageNumber(text: string): number {
  const read = readNumber(text);
  return 'value' in read ? Number(read.value) : Number.NaN;
}

function pagesOf({ start, end }: Groups): Range | null {
  if (start === undefined) return { start: 0, end: 0 };
  const first = pageNumber(start);
  const last = end === undefined ? first + 1 : pageNumber(end);
  return first < last && Number.isSafeInteger(last) ? { start: first, end: last } : null;
}

/** Parses the output of `watchText`; null if the text is something else. */
export function parseWatch(text: string): Watch | null {
  for (const [form, targetFrom] of FORMS) {
    const found = new RegExp(`^\\s*${form.source}${WHAT}\\s*$`, form.flags).exec(text);
    const groups = found?.groups;
    if (found === null) continue;
    const pages = pagesOf(groups ?? {});
    if (pages === null) return null;
    const what = CHANGE_KINDS.find((candidate) => candidate === groups?.what) ?? null;
    return { target: targetFrom(groups ?? {}, pages), what };
  }
  return null;
}
