/** Invariants between calls on a kernel without bugs. They hold for all scenarios. */
import { lockName } from './lock';
import { addressSpaceOf } from './model/state-parts';
import { gaps, intersects, type Range } from './ranges';
import { rmpViolations } from './rmp/invariants';
import type { StaleRange } from './stale';
import { staleMappings } from './stale-mappings';
import type { GmemFile, Slot, State, VmState } from './state';
import { roundDown, roundUp } from './units';
import { rangeText, type Violation } from './violation';

const STALE = {
  'no-slot': 'a leaf is in a slot',
  freed: 'a leaf maps the page behind its gfns',
  'not-backing': 'a leaf maps the page behind its gfns',
  'wrong-page': 'a leaf maps the page behind its gfns',
  poisoned: 'no leaf maps a poisoned page',
  'is-private': 'host leaves map shared gfns',
  'is-shared': 'gmem leaves map private gfns',
} as const satisfies Record<StaleRange['why'], string>;

/** Every leaf maps what a fault would map now. */
function mappings(state: State, { id }: VmState): readonly Violation[] {
  return staleMappings(state, id).map(({ why, ...range }) => ({
    rule: STALE[why],
    detail: `gfns ${rangeText(range)}`,
    stale: true,
  }));
}

/** No call is running: no lock is held and no invalidation is in progress. */
function quiescence({ locks, tasks }: State, { mmu }: VmState): readonly Violation[] {
  const found: Violation[] = [];
  if (mmu.inProgress !== 0) {
    found.push({ rule: 'invalidations are balanced', detail: `${mmu.inProgress} are in progress` });
  }
  for (const { lock } of locks)
    found.push({ rule: 'locks are released', detail: `${lockName(lock)} is held` });
  if (tasks.length > 0) found.push({ rule: 'calls return', detail: `${tasks.length} tasks remain` });
  return found;
}

/** Huge leaves are whole: a split or a zap leaves no part of one. */
function hugeLeaves(_: State, { roots }: VmState): readonly Violation[] {
  return roots
    .flatMap(({ leaves }) => leaves)
    .filter(
      ({ start, end, value: { level } }) => roundDown(start, level) !== start || roundUp(end, level) !== end,
    )
    .map((range) => ({ rule: 'huge leaves are whole', detail: rangeText(range) }));
}

/** A file's bindings and the slots agree. */
function bindings({ files }: State, { id: vmId, slots }: VmState): readonly Violation[] {
  const rule = 'bindings and slots agree';
  const matches = (slot: Slot | undefined, file: GmemFile, { start, end }: Range) =>
    slot?.gmem?.file === file.id && slot.gmem.pgoff === start && slot.gmem.pgoff + slot.pages === end;
  const found: Violation[] = [];
  for (const file of files.filter((candidate) => candidate.vmId === vmId)) {
    for (const { start, end, value } of file.bindings) {
      const slot = slots.find(({ id }) => id === value.id);
      if (!matches(slot, file, { start, end }))
        found.push({ rule, detail: `${file.name} ${rangeText({ start, end })}` });
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

/** The violations in a state between calls; none on a kernel without bugs. */
export function violations(state: State): readonly Violation[] {
  const ofEachVm = state.vms.flatMap((vm) => {
    const checks = [quiescence, mappings, hugeLeaves, bindings, disjointSlots];
    return checks.flatMap((check) => check(state, vm));
  });
  return [...ofEachVm, ...rmpViolations(state)];
}
