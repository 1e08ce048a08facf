/** The numbers behind a box, for those who want them all: addresses, offsets, host pages, bits of entries. */
import { counted, letters, levelText, rangeText, vmAtEnd } from '../outcome';
import { bytesOf, type Extent, elementAt, type GmemFile, type Leaf, type Range, within } from '../simulator';
import type { Link, Panel } from './figure';
import { rmpTexts } from './lanes/rmp';
import type { Box } from './layout/types';
import { sizeText } from './text';
import type { Transition } from './transition';

/** A number with its name: `gfn`, `0x801ff..0x80201 (8K)`. */
export type Fact = readonly [name: string, value: string];

/** Most ranges listed under one name. */
const MOST = 3;

/** The first of the texts, and the number of the others. */
function textOf(texts: readonly string[]): string {
  const more = texts.length - MOST;
  const shown = texts.slice(0, MOST).join(', ');
  return more > 0 ? `${shown} and ${counted(more, 'more range')}` : shown;
}

function fact(name: string, text: string): readonly Fact[] {
  return text === '' ? [] : [[name, text]];
}

function listed(name: string, texts: readonly string[]): readonly Fact[] {
  return fact(name, textOf(texts));
}

function bytesText({ start, end }: Range): string {
  return `0x${bytesOf(start).toString(16)}..0x${bytesOf(end).toString(16)}`;
}

function overlap(a: Range, b: Range): Range | null {
  const [start, end] = [Math.max(a.start, b.start), Math.min(a.end, b.end)];
  return start < end ? { start, end } : null;
}

/** A part of a range, renumbered for another axis. */
function moved(part: Range, from: Range, to: Range): Range {
  return { start: part.start - from.start + to.start, end: part.end - from.start + to.start };
}

interface Part {
  readonly link: Link;
  readonly base: Range | null;
  readonly gfns: Range | null;
}

/** The part of a box's range in each link that contains some of it. */
function partsOf({ links }: Panel, { axis, range, link }: Box): readonly Part[] {
  // Two slots may have the same gfns, one before the step and one after: a box by gfn belongs to one of them.
  const candidates = axis === 'gfn' ? [elementAt(links, link)] : links;
  return candidates.flatMap((candidate): Part[] => {
    const { base, gfns } = candidate;
    const own = axis === 'gfn' ? gfns : base;
    const part = own === null ? null : overlap(own, range);
    if (own === null || part === null) return [];
    return [
      {
        link: candidate,
        base: base === null ? null : moved(part, own, base),
        gfns: gfns === null ? null : moved(part, own, gfns),
      },
    ];
  });
}

/** Joins contiguous neighbours. */
function joined(ranges: readonly Range[]): readonly Range[] {
  const found: Range[] = [];
  for (const range of ranges) {
    const last = found.at(-1);
    if (last?.end === range.start) found[found.length - 1] = { start: last.start, end: range.end };
    else found.push(range);
  }
  return found;
}

/** Host pages of the file's pages, as far as they are allocated. */
export function framesOf(file: GmemFile, pages: Range): readonly Range[] {
  return joined(
    within(file.cache, pages.start, pages.end).map(({ start, end, value }) => ({
      start: start + value.frame,
      end: end + value.frame,
    })),
  );
}

/** Host pages that leaves map, and those of the file: they are equal unless a leaf is stale. */
function pfnFacts(mapped: string, file: string): readonly Fact[] {
  if (mapped === file || mapped === '' || file === '') return fact('pfn', mapped === '' ? file : mapped);
  return [
    ['mapped pfn', mapped],
    ['pfn of the page', file],
  ];
}

function framesMapped(leaves: readonly Extent<Leaf>[]): string {
  const mapped = leaves.flatMap(({ start, end, value }) => {
    if (value.kind !== 'mapped') return [];
    return value.frame === 'zero' ? 'the zero page' : { start: start + value.frame, end: end + value.frame };
  });
  const frames = mapped.filter((one) => typeof one !== 'string');
  const zero = mapped.some((one) => typeof one === 'string') ? ['the zero page'] : [];
  return textOf([...joined(frames).map(rangeText), ...zero]);
}

function leafFacts(leaves: readonly Extent<Leaf>[]): readonly Fact[] {
  const mapped = leaves.flatMap(({ value }) => (value.kind === 'mapped' ? [value] : []));
  const unique = (texts: readonly string[]) => [...new Set(texts)];
  return [
    ...listed('level', unique(mapped.map(({ level }) => `${level} (${levelText(level)})`))),
    ...listed('permissions', unique(mapped.map(letters))),
  ];
}

/**
 * All that is known of the range of a box after the step.
 * @param transition What the figure is of.
 */
export function numbersOf(transition: Transition, panel: Panel, box: Box): readonly Fact[] {
  const { after: state } = transition;
  const vm = vmAtEnd(transition);
  const parts = partsOf(panel, box);
  const gfns = joined(parts.flatMap(({ gfns }) => gfns ?? []));
  const bases = joined(parts.flatMap(({ base }) => base ?? []));
  const size = sizeText(box.range.end - box.range.start);
  const slots = [...new Set(parts.flatMap(({ link }) => (link.slot === null ? [] : [link.labels[0]])))];
  const file = state.files.find(({ id }) => id === panel.file);
  const isFile = panel.kind === 'file';
  const frames =
    panel.kind === 'frames'
      ? bases
      : file === undefined
        ? []
        : bases.flatMap((pages) => framesOf(file, pages));
  const kind = box.lane.startsWith('sptes-') ? box.lane.slice('sptes-'.length) : null;
  const root = vm.roots.find((one) => !one.invalid && one.kind === kind);
  const leaves = within(root?.leaves ?? [], box.range.start, box.range.end);
  return [
    ...listed('gfn', gfns.map(rangeText)),
    ...listed('gpa', gfns.map(bytesText)),
    ...listed('slot', slots),
    ...(isFile ? listed(`pages of ${file?.name ?? 'the file'} (pgoff)`, bases.map(rangeText)) : []),
    ...(isFile ? listed('file offset', bases.map(bytesText)) : []),
    ['size', size],
    ...leafFacts(leaves),
    ...pfnFacts(framesMapped(leaves), textOf(frames.map(rangeText))),
    ...(vm.type === 'sev-snp'
      ? listed('RMP entry', [...new Set(frames.flatMap((pfns) => rmpTexts(state, pfns)))])
      : []),
  ];
}
