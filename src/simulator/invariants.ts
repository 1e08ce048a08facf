/** What holds between calls on a right kernel, whatever the scenario did. */
import { lockName } from './lock';
import { addressSpaceOf } from './model/state-parts';
import { gaps, intersects, type Range } from './ranges';
import { rmpViolations } from './rmp/invariants';
import { type StaleRange, staleMappings } from './stale';
import type { GmemFile, Slot, State, VmState } from './state';
import { roundDown, roundUp } from './units';

export interface Violation {
  readonly rule: string;
  readonly detail: string;
}

function text({ start, end }: Range): string {
  return `[0x${start.toString(16)}, 0x${end.toString(16)})`;
}

const STALE = {
  'no-slot': 'a leaf is in a slot',
  freed: 'a leaf maps what is behind its gfns',
  'not-backing': 'a leaf maps what is behind its gfns',
  'wrong-page': 'a leaf maps what is behind its gfns',
  poisoned: 'no leaf maps a poisoned page',
  'is-private': 'host leaves map shared gfns',
  'is-shared': 'gmem leaves map private gfns',
} as const satisfies Record<StaleRange['why'], string>;

/** Every leaf maps what a fault would map now. */
function mappings(state: State, { id }: VmState): readonly Violation[] {
  return staleMappings(state, id).map(({ why, ...range }) => ({
    rule: STALE[why],
    detail: `gfns ${text(range)}`,
  }));
}

/** No call is on its way: no lock is held and no invalidation is in progress. */
function quiescence({ locks, tasks }: State, { mmu }: VmState): readonly Violation[] {
  const found: Violation[] = [];
  if (mmu.inProgress !== 0) {
    found.push({ rule: 'invalidations are balanced', detail: `${mmu.inProgress} are in progress` });
  }
  for (const { lock } of locks)
    found.push({ rule: 'locks are dropped', detail: `${lockName(lock)} is held` });
  if (tasks.length > 0) found.push({ rule: 'calls end', detail: `${tasks.length} tasks are left` });
  return found;
}

/** Huge leaves are whole: what splits or zaps them leaves no part of one. */
function hugeLeaves(_: State, { roots }: VmState): readonly Violation[] {
  return roots
    .flatMap(({ leaves }) => leaves)
    .filter(
      ({ start, end, value: { level } }) => roundDown(start, level) !== start || roundUp(end, level) !== end,
    )
    .map((range) => ({ rule: 'huge leaves are whole', detail: text(range) }));
}

/** A file's bindings and its slots say the same. */
function bindings({ files }: State, { id: vmId, slots }: VmState): readonly Violation[] {
  const rule = 'a file page is bound to the slot that says so';
  const matches = (slot: Slot | undefined, file: GmemFile, { start, end }: Range) =>
    slot?.gmem?.file === file.id && slot.gmem.pgoff === start && slot.gmem.pgoff + slot.pages === end;
  const found: Violation[] = [];
  for (const file of files.filter((candidate) => candidate.vmId === vmId)) {
    for (const { start, end, value } of file.bindings) {
      const slot = slots.find(({ id }) => id === value.id);
      if (!matches(slot, file, { start, end }))
        found.push({ rule, detail: `${file.name} ${text({ start, end })}` });
    }
  }
  for (const slot of slots) {
    if (slot.gmem === null || slot.gmem.file === null) continue;
    const { file, pgoff } = slot.gmem;
    const known = files[file]?.bindings ?? [];
    const range = { start: pgoff, end: pgoff + slot.pages };
    if (gaps(known, range.start, range.end).length > 0) found.push({ rule, detail: `slot ${slot.id}` });
  }
  return found;
}

/** Slots of one address space have no gfn in common. */
function disjointSlots(_: State, { slots }: VmState): readonly Violation[] {
  return slots.flatMap((slot, at) =>
    slots
      .slice(at + 1)
      .filter((other) => addressSpaceOf(other.id) === addressSpaceOf(slot.id))
      .filter((other) =>
        intersects(
          [{ start: slot.baseGfn, end: slot.baseGfn + slot.pages, value: true }],
          other.baseGfn,
          other.baseGfn + other.pages,
        ),
      )
      .map((other) => ({ rule: 'slots are disjoint', detail: `slots ${slot.id} and ${other.id}` })),
  );
}

/** What is violated in a state between calls; nothing on a right kernel. */
export function violations(state: State): readonly Violation[] {
  const ofEachVm = state.vms.flatMap((vm) => {
    const checks = [quiescence, mappings, hugeLeaves, bindings, disjointSlots];
    return checks.flatMap((check) => check(state, vm));
  });
  return [...ofEachVm, ...rmpViolations(state)];
}
