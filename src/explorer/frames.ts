/**
 * Names of page frames that do not depend on the order in which they were allocated. While a step runs, the next frame is
 * always the same, far from all others. Afterwards the block of frames that it allocated gets the first free name of the
 * page that it was allocated for. Names lie so far apart that a number tells which block it belongs to, be it a pfn or, as
 * in most places, a pfn minus a gfn or a file index.
 */

import type { Range } from '../simulator';

/** Numbers of frames are at least this minus half a block; all other numbers of a state are below. */
const FIRST = 2 ** 40;

/** Distance of blocks in frames; gfns and file indices are below half of it. */
const APART = 2 ** 37;

/** First frame of the block in which a step allocates; below the end of a file, 2 ** 52. */
const FRESH_BLOCK = 2 ** 51;

/**
 * The next frame while a step runs. It is in the middle of 2 MiB, like the next frame of a host that has been running for a
 * while; 2 MiB pages have 2 MiB of their own.
 */
export const FRESH = FRESH_BLOCK + 1;

/** The 2 MiB around the next frame. */
export const FRESH_REGION: Range = { start: FRESH_BLOCK, end: FRESH_BLOCK + 512 };

const IS_FRAME = FIRST - APART / 2;
const IS_FRESH = FRESH_BLOCK - APART / 2;
const IS_NO_FRAME = FRESH_BLOCK + APART / 2;

/** First frame of a block. */
function baseOf(block: number): number {
  return FIRST + block * APART;
}

function blockOf(frame: number): number {
  return Math.floor((frame - IS_FRAME) / APART);
}

function isFresh(frame: number): boolean {
  return frame >= IS_FRESH && frame < IS_NO_FRAME;
}

/** The value with every number that belongs to the fresh block moved to another. */
export function renamed<T>(value: T, block: number): T {
  const shift = baseOf(block) - FRESH_BLOCK;
  const visit = (part: unknown): unknown => {
    if (typeof part === 'number') {
      if (isFresh(part)) return part + shift;
      // A gfn minus a pfn.
      return isFresh(-part) ? part - shift : part;
    }
    if (typeof part !== 'object' || part === null) return part;
    if (Array.isArray(part)) {
      const made = part.map(visit);
      return made.every((item, at) => item === part[at]) ? part : made;
    }
    let changed = false;
    const made: Record<string, unknown> = {};
    for (const [name, item] of Object.entries(part)) {
      made[name] = visit(item);
      changed ||= made[name] !== item;
    }
    return changed ? made : part;
  };
  const made = visit(value);
  return (isRangeMap(made) ? made.toSorted((a, b) => a.start - b.start) : made) as T;
}

function isRangeMap(value: unknown): value is readonly { readonly start: number }[] {
  return Array.isArray(value) && value.length > 1 && typeof value[0]?.start === 'number';
}

/** The blocks that a value refers to. */
export function blocksIn(value: unknown, found: Set<number> = new Set()): Set<number> {
  if (typeof value === 'number') {
    if (value >= IS_FRAME && value < IS_FRESH) found.add(blockOf(value));
  } else if (typeof value === 'object' && value !== null) {
    for (const part of Object.values(value)) blocksIn(part, found);
  }
  return found;
}

/** Where the first number of the fresh block stands: the key of the extent around it. Null if there is none. */
export function siteOf(value: unknown, around = 'state'): string | null {
  if (typeof value === 'number') return isFresh(value) ? around : null;
  if (typeof value !== 'object' || value === null) return null;
  const { start } = value as { readonly start?: unknown };
  const inner = typeof start === 'number' && start < IS_FRAME ? `${start}` : around;
  for (const part of Object.values(value)) {
    const found = siteOf(part, inner);
    if (found !== null) return found;
  }
  return null;
}

/** The part of a set of pfns, or of a map from pfns, that belongs to blocks in use, or to the fresh one. */
export function inUse<E extends { readonly start: number }>(
  map: readonly E[],
  used: ReadonlySet<number>,
): readonly E[] {
  const kept = map.filter(({ start }) => start < IS_FRAME || isFresh(start) || used.has(blockOf(start)));
  return kept.length === map.length ? map : kept;
}

/** One pfn, or a range of them. */
const PFNS = /pfn(s \[)? ?0x([0-9a-f]+)(?:, 0x[0-9a-f]+\))?/g;

/** A text without the numbers of frames that the race has allocated: they depend on the search. */
export function withoutNames(text: string): string {
  return text.replaceAll(PFNS, (all: string, isRange: string | undefined, start: string) => {
    if (Number.parseInt(start, 16) < IS_FRAME) return all;
    return isRange === undefined ? 'a pfn allocated in the race' : 'pfns allocated in the race';
  });
}
