/** From a range of the file to the gfns of every slot bound to it: the case this project was made for. */
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
  /** gfns of the slot at hand. */
  gfns: Range;
  locked: boolean;
  zapped: boolean;
  flush: boolean;
  /** pfns behind the gfns of the slot at hand that are not the hypervisor's yet. */
  assigned: readonly Range[];
}

/** Slots bound to the file pages, each once, by file offset. */
function boundSlots(machine: Machine, { file, start, end }: InvalidateLocals): readonly number[] {
  const bindings = touching(fileById(machine.state, file).bindings, start, end);
  return bindings.map(({ value }) => value.id);
}

/** The slot at hand, published or not; null where the file was released in between (R6). */
function slotAtHand({ state }: Machine, { file, slots, next }: InvalidateLocals): BoundSlot | null {
  const found = fileById(state, file).bindings.find(({ value }) => value.id === slots[next]);
  return found?.value ?? null;
}

/** pfns of the file's pages at the gfns of the slot at hand, as far as they are in the file. */
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

/** A step that works out the gfns of the slot at hand. */
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
    'Zaps what the slots bound to file pages [start, end) map of them, and keeps faults from mapping it again (on 7.3: kvm_gmem_invalidate_start).',
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
          'take mmu_lock and count an invalidation in progress, whether or not a slot was found',
          (machine, locals) => {
            locals.locked = true;
            return beginInvalidation(machine);
          },
          { takes: mmuLock('write') },
        ),
      ],
    }),
    step('I2', 'go on with the next slot; when none is left, go to I5', (_, locals) =>
      locals.next < locals.slots.length ? undefined : goto('I5'),
    ),
    step('I2l', 'if mmu_lock is held already, go to I2r', (_, { locked }) =>
      locked ? goto('I2r') : undefined,
    ),
    step(
      'I3',
      'first slot: take mmu_lock and count an invalidation in progress',
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
          'gfns = base_gfn + max(start, pgoff) up to base_gfn + min(end, pgoff + npages): pgoff is never taken off',
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
          'WARN_ON_ONCE if [start, end) leaves the binding on either side, and continue with the next slot',
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
          "what a SEV-SNP guest has of them becomes the hypervisor's: RMPUPDATE, which may sleep, under mmu_lock; again, until none is left",
          (_, locals) => {
            const [range, ...rest] = locals.assigned;
            if (range === undefined) return goto('I4f');
            locals.assigned = rest;
            return call(sevGmemInvalidate, { start: range.start, end: range.end });
          },
        ),
        step('I4n', 'go on with the next pages (I4r)', () => goto('I4r')),
      ],
    }),
    step('I4f', 'remember whether a flush is owed; go to I2', (_, locals) => {
      locals.flush ||= locals.zapped;
      return skip(locals);
    }),
    step('I5', 'flush the TLBs of all vCPUs if a leaf went', (machine, locals) => {
      if (locals.flush) machine.emit({ type: 'flush' });
      return locals.locked ? undefined : returns();
    }),
    step('I5u', 'drop mmu_lock', () => returns(), { drops: mmuLock('write') }),
  ],
});

export const gmemInvalidateEnd = procedure<{ file: number; start: number; end: number }>({
  name: 'kvm_gmem_invalidate_end',
  source: 'virt/kvm/guest_memfd.c',
  about: 'Lets faults map the range again; those that began before must start over.',
  locals: { file: 0, start: 0, end: 0 },
  steps: [
    step('I6', 'return if no slot is bound to file pages [start, end)', (machine, { file, start, end }) =>
      intersects(fileById(machine.state, file).bindings, start, end) ? undefined : returns(),
    ),
    step(
      'I7',
      'under mmu_lock: mmu_invalidate_seq + 1, one invalidation less in progress',
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
