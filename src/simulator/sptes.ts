/** Expands the runs of an event into changes of single page-table entries. */

import type { SpteRun, SptesEvent, SpteValue } from './events';
import { firstOf } from './known';
import type { RootKind } from './state';
import { type Level, pagesPer, roundDown } from './units';

/** A change of one entry; `gfn` is the first gfn that the entry maps. */
export interface SpteChange {
  readonly gfn: number;
  readonly level: Level;
  readonly from: SpteValue;
  readonly to: SpteValue;
  /** As in a run. */
  readonly root: RootKind | undefined;
}

interface Cursor {
  readonly run: SpteRun;
  gfn: number;
}

/** Order of a walk that reports a table before the entries under it. */
function parentFirst(a: Cursor, b: Cursor): number {
  return a.gfn - b.gfn || b.run.level - a.run.level;
}

/** Order of a walk that reports a table after the entries under it. */
function childFirst(a: Cursor, b: Cursor): number {
  return a.gfn + pagesPer(a.run.level) - b.gfn - pagesPer(b.run.level) || a.run.level - b.run.level;
}

/**
 * Every change of the event, one entry at a time, in the order in which the kernel's tracepoint
 * kvm_tdp_mmu_spte_changed reports them. A generator, because a run can contain a billion entries.
 */
export function* spteChanges(event: SptesEvent): Generator<SpteChange> {
  const compare = event.order === 'parent-first' ? parentFirst : childFirst;
  const cursors: Cursor[] = event.runs.map((run) => ({ run, gfn: roundDown(run.start, run.level) }));
  cursors.sort(compare);
  while (cursors.length > 0) {
    const cursor = firstOf(cursors);
    const { level, from, to, end, root } = cursor.run;
    yield { gfn: cursor.gfn, level, from, to, root };
    cursor.gfn += pagesPer(level);
    if (cursor.gfn >= end) {
      cursors.shift();
      continue;
    }
    let at = 0;
    for (let next = cursors[1]; next !== undefined && compare(next, cursor) < 0; next = cursors[at + 1]) {
      cursors[at] = next;
      at++;
    }
    cursors[at] = cursor;
  }
}
