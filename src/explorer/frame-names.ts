/** Names the frames that steps allocate, and reuses the names of frames that nothing refers to any more: see `frames.ts`. */
import { type Call, directMapLevel, entryAt, kernelOf, type State } from '../simulator';
import { columnOf } from './columns';
import { blocksIn, FRESH, FRESH_REGION, inUse, renamed, siteOf } from './frames';
import type { Parts } from './parts';
import type { Race } from './race';

/** The first frame of the 2 MiB in which the simulator allocates next. */
function regionOfNext({ next }: State): number {
  return next.frame - (next.frame % 512);
}

function isNextSplit({ directMap, next }: State): boolean {
  return directMapLevel(directMap, next.frame) === 1;
}

/**
 * Whether no step can find out where frames are that the race allocates. On a host with an SEV-SNP guest, the RMP and the
 * direct map tell 2 MiB with guest pages from others, but not after the kernel has split the direct map, which it does
 * before it assigns a page. Then only the first page of 2 MiB matters, where entries for all of them are; and the
 * instruction with which the host assigns a page without splitting the direct map.
 */
function canBeNamed({ start, tasks }: Race): boolean {
  if (start.vms.every(({ type }) => type !== 'sev-snp')) return true;
  const { setup, rmp, next } = start;
  const first = regionOfNext(start);
  const isEmpty = rmp.every((entry) => entry.end <= first || entry.start >= first + 512);
  return (
    kernelOf(setup).choices['direct-map'] === 'split' &&
    setup.without?.includes('RU2') !== true &&
    next.frame > first &&
    (isEmpty || isNextSplit(start)) &&
    entryAt(rmp, first).pageSize === 1 &&
    tasks.every(({ calls }) => calls.every(({ call }) => !findsOut(call, start)))
  );
}

/**
 * Whether a call can find out where a new page is: RMPUPDATE of the host, and, behind pages of 2 MiB, PSMASH of a page that
 * may be the first of its 2 MiB.
 */
function findsOut(call: Call, { files, vms }: State): boolean {
  if (call.kind === 'rmpupdate') return true;
  const hasHuge =
    files.some(({ huge }) => huge) || vms.some(({ memories }) => memories.some(({ thp }) => thp));
  return call.kind === 'psmash' && hasHuge;
}

export class FrameNames {
  readonly areUsed: boolean;
  /** On a host with an SEV-SNP guest, whether the direct map of the frames that come next is split from the beginning. */
  private readonly areSplit: boolean;
  /** Columns that tell of frames whether or not anything refers to them. */
  private readonly afterwards: readonly number[];
  private readonly directMap: number;
  private readonly next: number;
  private readonly blocks: readonly Map<number, ReadonlySet<number>>[];
  private readonly sites: readonly Map<number, string | null>[];
  /** The names of the frames of a page, in the order in which they were needed. */
  private readonly ofSite = new Map<string, number[]>();
  private count = 0;

  constructor(private readonly parts: Parts) {
    const { layout, width } = parts;
    this.areUsed = canBeNamed(parts.race);
    this.areSplit = this.areUsed && isNextSplit(layout.start);
    this.directMap = columnOf(layout, 'directMap');
    this.afterwards = [columnOf(layout, 'freed'), columnOf(layout, 'contents'), this.directMap];
    this.next = columnOf(layout, 'next');
    this.blocks = Array.from({ length: width }, () => new Map());
    this.sites = Array.from({ length: width }, () => new Map());
  }

  /** The numbers of tasks' parts are given anew. */
  forgetTasks(): void {
    for (let column = this.parts.layout.columns.length; column < this.parts.width; column++) {
      this.blocks[column]?.clear();
      this.sites[column]?.clear();
    }
  }

  /** The state in which a step can allocate. */
  prepared(state: State): State {
    if (!this.areUsed) return state;
    const directMap = this.withFresh(state.directMap);
    return { ...state, directMap, next: { ...state.next, frame: FRESH } };
  }

  /** Names the frames that a step allocated. */
  name(row: Int32Array): void {
    const used = this.forget(row);
    const block = this.freeBlock(row, used);
    for (let column = 0; column < row.length; column++) {
      if (column === this.next) continue;
      const id = row[column] as number;
      row[column] = this.parts.changed(column, id, `fresh ${block}`, (part) =>
        column === this.directMap
          ? this.withFresh(renamed(part as State['directMap'], block))
          : renamed(part, block),
      );
    }
  }

  /** The direct map with the region of the frames that come next. */
  private withFresh(directMap: State['directMap']): State['directMap'] {
    return this.areSplit ? [...directMap, { ...FRESH_REGION, value: true }] : directMap;
  }

  /** Leaves out what a row tells of frames that nothing refers to: no step can reach them again. */
  settle(row: Int32Array): void {
    if (
      this.areUsed &&
      this.afterwards.some((column) => this.blocksOf(column, row[column] as number).size > 0)
    ) {
      this.forget(row);
    }
  }

  private forget(row: Int32Array): ReadonlySet<number> {
    const used = this.used(row);
    for (const column of this.afterwards) {
      const part = this.parts.value(column, row[column] as number) as State['freed'];
      row[column] = this.parts.id(column, inUse(part, used));
    }
    return used;
  }

  private used(row: Int32Array): ReadonlySet<number> {
    const used = new Set<number>();
    for (let column = 0; column < row.length; column++) {
      if (this.afterwards.includes(column)) continue;
      for (const block of this.blocksOf(column, row[column] as number)) used.add(block);
    }
    return used;
  }

  /** The first name of the page for which the fresh block was allocated that no frame in use has. */
  private freeBlock(row: Int32Array, used: ReadonlySet<number>): number {
    let site = '';
    for (let column = 0; column < row.length && site === ''; column++) {
      if (column !== this.next && column !== this.directMap)
        site = this.siteIn(column, row[column] as number) ?? '';
    }
    const names = this.ofSite.get(site) ?? [];
    this.ofSite.set(site, names);
    const free = names.find((block) => !used.has(block));
    if (free !== undefined) return free;
    names.push(this.count);
    return this.count++;
  }

  private siteIn(column: number, id: number): string | null {
    const sites = this.sites[column] as Map<number, string | null>;
    let site = sites.get(id);
    if (site === undefined) {
      const found = siteOf(this.parts.content(column, id));
      site = found === null ? null : `${column} ${found}`;
      sites.set(id, site);
    }
    return site;
  }

  private blocksOf(column: number, id: number): ReadonlySet<number> {
    const known = this.blocks[column] as Map<number, ReadonlySet<number>>;
    let blocks = known.get(id);
    if (blocks === undefined) {
      blocks = blocksIn(this.parts.content(column, id));
      known.set(id, blocks);
    }
    return blocks;
  }
}
