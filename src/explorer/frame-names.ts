/** Names the frames that steps allocate, and reuses the names of frames that nothing refers to any more: see `frames.ts`. */
import type { State } from '../simulator';
import { columnOf } from './columns';
import { blocksIn, FRESH, inUse, renamed, siteOf } from './frames';
import type { Parts } from './parts';

export class FrameNames {
  /**
   * Names do not keep frames of one 2 MiB region together, which matters to the RMP and the direct map: on a host with an
   * SEV-SNP guest, frames are allocated as the simulator does it.
   */
  readonly areUsed: boolean;
  /** Columns that tell of frames whether or not anything refers to them. */
  private readonly afterwards: readonly number[];
  private readonly next: number;
  private readonly blocks: readonly Map<number, ReadonlySet<number>>[];
  private readonly sites: readonly Map<number, string | null>[];
  /** The names of the frames of a page, in the order in which they were needed. */
  private readonly ofSite = new Map<string, number[]>();
  private count = 0;

  constructor(private readonly parts: Parts) {
    const { layout, width } = parts;
    this.areUsed = layout.start.vms.every(({ type }) => type !== 'sev-snp');
    this.afterwards = [columnOf(layout, 'freed'), columnOf(layout, 'contents')];
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
    return this.areUsed ? { ...state, next: { ...state.next, frame: FRESH } } : state;
  }

  /** Names the frames that a step allocated. */
  name(row: Int32Array): void {
    const used = this.forget(row);
    const block = this.freeBlock(row, used);
    for (let column = 0; column < row.length; column++) {
      if (column === this.next) continue;
      const id = row[column] as number;
      row[column] = this.parts.changed(column, id, `fresh ${block}`, (part) => renamed(part, block));
    }
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
      if (column !== this.next) site = this.siteIn(column, row[column] as number) ?? '';
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
