/** Translates a range of file pages to the gfns of every slot bound to it, and zaps them. */
import { elementAt } from '../known';
import type { Machine } from '../machine';
import { filePagesOfGfns, gfnsOfFilePages } from '../model/bindings';
import { addRange } from '../model/invalidation';
import { fileById } from '../model/state-parts';
import { call, choose, goto, procedure, returns, type Step, step } from '../procedure';
import { intersects, type Range, touching, within } from '../ranges';
import type { BoundSlot } from '../state';
import { beginInvalidation, endInvalidation } from './invalidation';
import { mmuLock } from './locks';
import { sevGmemInvalidate } from './sev-gmem';
import { unmapGfnRange } from './unmap';
import { warnOnce } from './warn';

interface InvalidateLocals {
  file: number;
  start: number;
  end: number;
  /** The pages are about to be freed. */
  frees: boolean;
  slots: readonly number[];
  next: number;
  /** gfns of the current slot. */
  gfns: Range;
  locked: boolean;
  zapped: boolean;
  flush: boolean;
  /** pfns behind the gfns of the current slot that are still to be returned to the hypervisor. */
  assigned: readonly Range[];
}

/** Slots bound to the file pages, each once, by file offset. */
function boundSlots(machine: Machine, { file, start, end }: InvalidateLocals): readonly number[] {
  const bindings = touching(fileById(machine.state, file).bindings, start, end);
  return bindings.map(({ value }) => value.id);
}

/** The current slot, published or not; null if the file was released meanwhile (R6). */
function slotAtHand({ state }: Machine, { file, slots, next }: InvalidateLocals): BoundSlot | null {
  const found = fileById(state, file).bindings.find(({ value }) => value.id === slots[next]);
  return found?.value ?? null;
}

/** pfns of the file's present pages at the gfns of the current slot. */
function pfnsAtHand(machine: Machine, locals: InvalidateLocals): readonly Range[] {
  const bound = slotAtHand(machine, locals);
  if (bound === null) return [];
  const { start, end } = filePagesOfGfns(bound, bound.pgoff, locals.gfns);
  return within(fileById(machine.state, locals.file).cache, start, end).map((run) => ({
    start: run.start + run.value.frame,
    end: run.end + run.value.frame,
  }));
}

function skip(locals: InvalidateLocals) {
  locals.next++;
  return goto('I2');
}

/** A step that computes the gfns of the current slot. */
function rangeStep(text: string, gfnsOf: (hole: Range, bound: BoundSlot) => Range): Step<InvalidateLocals> {
  return step('I2r', text, (machine, locals) => {
    const bound = slotAtHand(machine, locals);
    if (bound === null) return skip(locals);
    locals.gfns = gfnsOf(locals, bound);
    return undefined;
  });
}

const OUTSIDE_BINDING = 'WARN_ON_ONCE: the range is not inside the binding of a slot';

export const gmemInvalidateBegin = procedure<InvalidateLocals>({
  name: 'kvm_gmem_invalidate_begin',
  source: 'virt/kvm/guest_memfd.c',
  about:
    'Zaps file pages [start, end) in every slot bound to them, and keeps faults from mapping them again (on 7.3: kvm_gmem_invalidate_start).',
  locals: {
    file: 0,
    start: 0,
    end: 0,
    frees: false,
    slots: [],
    next: 0,
    gfns: { start: 0, end: 0 },
    locked: false,
    zapped: false,
    flush: false,
    assigned: [],
  },
  steps: [
    step(
      'I1',
      'find the slots bound to file pages [start, end), in order of file offset',
      (machine, locals) => {
        locals.slots = boundSlots(machine, locals);
        return undefined;
      },
    ),
    choose('gmem-invalidate', {
      'when-bound': [],
      always: [
        step(
          'I1a',
          'take mmu_lock and increment mmu_invalidate_in_progress, whether or not a slot was found',
          (machine, locals) => {
            locals.locked = true;
            return beginInvalidation(machine);
          },
          { takes: mmuLock('write') },
        ),
      ],
    }),
    step('I2', 'continue with the next slot; if none is left, go to I5', (_, locals) =>
      locals.next < locals.slots.length ? undefined : goto('I5'),
    ),
    step('I2l', 'if mmu_lock is already held, go to I2r', (_, { locked }) =>
      locked ? goto('I2r') : undefined,
    ),
    step(
      'I3',
      'first slot: take mmu_lock and increment mmu_invalidate_in_progress',
      (machine, locals) => {
        locals.locked = true;
        return beginInvalidation(machine);
      },
      { takes: mmuLock('write') },
    ),
    choose('range-math', {
      clamp: [
        rangeStep(
          'gfns = base_gfn + max(start, pgoff) - pgoff up to base_gfn + min(end, pgoff + npages) - pgoff',
          (hole, bound) => gfnsOfFilePages(bound, bound.pgoff, hole),
        ),
      ],
      shifted: [
        rangeStep(
          'gfns = base_gfn + max(start, pgoff) up to base_gfn + min(end, pgoff + npages): pgoff is not subtracted',
          ({ start, end }, { baseGfn, pages, pgoff }) => ({
            start: baseGfn + Math.max(start, pgoff),
            end: baseGfn + Math.min(end, pgoff + pages),
          }),
        ),
      ],
      'warn-and-skip': [
        rangeStep(
          'gfns = base_gfn + start - pgoff, up to base_gfn + min(end - pgoff, npages)',
          ({ start, end }, { baseGfn, pages, pgoff }) => ({
            start: baseGfn + start - pgoff,
            end: baseGfn + Math.min(end - pgoff, pages),
          }),
        ),
        step(
          'I2w',
          'if [start, end) is not inside the binding, WARN_ON_ONCE and continue with the next slot',
          (machine, locals) => {
            const bound = slotAtHand(machine, locals);
            if (bound === null) return skip(locals);
            const { id, pages, pgoff } = bound;
            if (locals.start >= pgoff && locals.end <= pgoff + pages) return undefined;
            warnOnce(machine, OUTSIDE_BINDING);
            machine.emit({ type: 'slot-skipped', slot: id });
            return skip(locals);
          },
        ),
      ],
    }),
    step('I4', 'add the gfns to the range that faults must not map, and zap them', (machine, locals) => {
      machine.setVm({ mmu: addRange(machine.vm.mmu, locals.gfns) });
      const slot = elementAt(locals.slots, locals.next);
      return call(unmapGfnRange, { slot, ...locals.gfns, filter: 'private' }, 'zapped');
    }),
    choose('rmp-reset', {
      'at-free': [],
      'at-unmap': [
        step('I4a', 'find the pages behind the gfns, if they are about to be freed', (machine, locals) => {
          locals.assigned = locals.frees ? pfnsAtHand(machine, locals) : [];
          return undefined;
        }),
        step(
          'I4r',
          'return the next pages that a SEV-SNP guest owns to the hypervisor: RMPUPDATE, which may sleep, under mmu_lock; if none are left, go to I4f',
          (_, locals) => {
            const [range, ...rest] = locals.assigned;
            if (range === undefined) return goto('I4f');
            locals.assigned = rest;
            return call(sevGmemInvalidate, { start: range.start, end: range.end });
          },
        ),
        step('I4n', 'continue with the next pages (I4r)', () => goto('I4r')),
      ],
    }),
    step('I4f', 'remember whether a TLB flush is needed; go to I2', (_, locals) => {
      locals.flush ||= locals.zapped;
      return skip(locals);
    }),
    step('I5', 'flush the TLBs of all vCPUs if a leaf was zapped', (machine, locals) => {
      if (locals.flush) machine.emit({ type: 'flush' });
      return locals.locked ? undefined : returns();
    }),
    step('I5u', 'drop mmu_lock', () => returns(), { drops: mmuLock('write') }),
  ],
});

export const gmemInvalidateEnd = procedure<{ file: number; start: number; end: number }>({
  name: 'kvm_gmem_invalidate_end',
  source: 'virt/kvm/guest_memfd.c',
  about: 'Lets faults map the range again; faults that began before must retry.',
  locals: { file: 0, start: 0, end: 0 },
  steps: [
    step('I6', 'return if no slot is bound to file pages [start, end)', (machine, { file, start, end }) =>
      intersects(fileById(machine.state, file).bindings, start, end) ? undefined : returns(),
    ),
    step(
      'I7',
      'under mmu_lock: increment mmu_invalidate_seq, decrement mmu_invalidate_in_progress',
      (machine) => {
        endInvalidation(machine);
        return returns();
      },
      {
        takes: mmuLock('write'),
        drops: mmuLock('write'),
      },
    ),
  ],
});
