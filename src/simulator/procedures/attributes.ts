/** KVM_SET_MEMORY_ATTRIBUTES: converts gfns to private or shared, and zaps their mappings. */
import type { Errno } from '../errno';
import { elementAt } from '../known';
import type { Machine } from '../machine';
import { addRange } from '../model/invalidation';
import { guardedRange, mixedAfter } from '../model/mixed';
import { putSlot, slotById, slotsTouching } from '../model/state-parts';
import { call, choose, goto, procedure, returns, type Step, step } from '../procedure';
import { gaps, intersects, put, type Range, remove } from '../ranges';
import type { Slot } from '../state';
import { isPageAligned, pageOf, U64 } from '../units';
import { hasPrivateMemory } from '../vm';
import { beginInvalidation, endInvalidation } from './invalidation';
import { mmuLock, slotsLock } from './locks';
import { finish, refuse } from './results';
import { unmapGfnRange } from './unmap';

interface SetAttributesLocals extends Range {
  to: 'private' | 'shared';
  /** Slots that touch the range, by gfn. */
  slots: readonly number[];
  next: number;
  zapped: boolean;
  flush: boolean;
}

function unchanged(machine: Machine, { start, end, to }: SetAttributesLocals): boolean {
  const { privateGfns } = machine.vm;
  return to === 'private' ? gaps(privateGfns, start, end).length === 0 : !intersects(privateGfns, start, end);
}

/** The part of the range that lies in the slot. */
function inSlot({ start, end }: Range, { baseGfn, pages }: Slot): Range {
  return { start: Math.max(start, baseGfn), end: Math.min(end, baseGfn + pages) };
}

function slotAtHand(machine: Machine, { slots, next }: SetAttributesLocals): Slot | undefined {
  return slotById(machine.vm, elementAt(slots, next));
}

const ADD = "add the slot's part to the range that faults must not map";

/** Adds the current slot's part of the range, if `meant` accepts the slot. */
function addStep(text: string, meant: (slot: Slot) => boolean): Step<SetAttributesLocals> {
  return step('T8b', text, (machine, locals) => {
    const slot = slotAtHand(machine, locals);
    if (slot === undefined || !meant(slot)) return undefined;
    machine.setVm({ mmu: addRange(machine.vm.mmu, inSlot(locals, slot)) });
    return undefined;
  });
}

/** Zaps the current slot's part of the range, if `meant` accepts the slot. */
function zapStep(text: string, meant: (slot: Slot) => boolean): Step<SetAttributesLocals> {
  return step('T8e', text, (machine, locals) => {
    locals.zapped = false;
    const slot = slotAtHand(machine, locals);
    if (slot === undefined || !meant(slot)) return undefined;
    const filter = locals.to === 'private' ? 'shared' : 'private';
    return call(unmapGfnRange, { slot: slot.id, ...inSlot(locals, slot), filter }, 'zapped');
  });
}

/** Ends the invalidation, and updates the mixed flags of the slots that `meant` accepts. */
function endStep(text: string, meant: (slot: Slot) => boolean): Step<SetAttributesLocals> {
  return step(
    'T10',
    text,
    (machine, locals) => {
      endInvalidation(machine);
      for (const id of locals.slots) {
        const slot = slotById(machine.vm, id);
        if (slot === undefined || !meant(slot)) continue;
        const mixed = mixedAfter(slot, inSlot(locals, slot), machine.vm.privateGfns);
        machine.vm = putSlot(machine.vm, { ...slot, mixed });
      }
      return undefined;
    },
    { takes: mmuLock('write'), drops: mmuLock('write') },
  );
}

const anySlot = () => true;
/** kvm_slot_can_be_private(). */
const withGmem = ({ gmem }: Slot) => gmem !== null;

export const setAttributes = procedure<SetAttributesLocals>({
  name: 'kvm_vm_set_mem_attributes',
  source: 'virt/kvm/kvm_main.c',
  about:
    'Zaps gfns [start, end) in every slot, then stores their attribute. Pages are neither moved nor freed.',
  locals: { start: 0, end: 0, to: 'private', slots: [], next: 0, zapped: false, flush: false },
  steps: [
    step('T5', 'take slots_lock', () => undefined, { takes: slotsLock }),
    step('T6', 'if every gfn has the attribute already, go to T11', (machine, locals) => {
      if (unchanged(machine, locals)) return goto('T11');
      locals.slots = slotsTouching(machine.vm, locals.start, locals.end).map(({ id }) => id);
      return locals.slots.length === 0 ? goto('T9') : undefined;
    }),
    step(
      'T8a',
      'a slot contains one of the gfns: take mmu_lock and increment mmu_invalidate_in_progress',
      beginInvalidation,
      { takes: mmuLock('write') },
    ),
    choose('convert-range', {
      added: [
        addStep(ADD, anySlot),
        step('T8c', 'also add the surrounding huge pages that become mixed', (machine, locals) => {
          const slot = slotAtHand(machine, locals);
          if (slot === undefined) return undefined;
          const guarded = guardedRange(slot, inSlot(locals, slot));
          machine.setVm({ mmu: addRange(machine.vm.mmu, guarded) });
          return undefined;
        }),
      ],
      'gfns-only': [addStep(ADD, anySlot)],
      'with-gmem': [addStep(`${ADD}, if it has a guest_memfd`, withGmem)],
    }),
    choose('convert-slots', {
      all: [zapStep('zap that part', anySlot)],
      'with-gmem': [
        zapStep('zap that part if the slot has a guest_memfd; otherwise skip the slot', withGmem),
      ],
    }),
    step('T8n', 'continue with the next slot', (_, locals) => {
      locals.flush ||= locals.zapped;
      locals.next++;
      return locals.next < locals.slots.length ? goto('T8b') : undefined;
    }),
    step(
      'T8f',
      'flush the TLBs of all vCPUs if a leaf was zapped; drop mmu_lock; the invalidation stays in progress',
      (machine, { flush }) => {
        if (flush) machine.emit({ type: 'flush' });
        return undefined;
      },
      { drops: mmuLock('write') },
    ),
    step('T9', 'store the attribute of every gfn', (machine, { start, end, to, slots }) => {
      const { privateGfns } = machine.vm;
      const stored = to === 'private' ? put(privateGfns, start, end, true) : remove(privateGfns, start, end);
      machine.setVm({ privateGfns: stored });
      machine.emit({ type: 'attributes', start, end, to });
      return slots.length === 0 ? goto('T11') : undefined;
    }),
    choose('convert-slots', {
      all: [endStep('under mmu_lock: end the invalidation, and update which huge pages are mixed', anySlot)],
      'with-gmem': [
        endStep(
          'under mmu_lock: end the invalidation, and update which huge pages of slots with a guest_memfd are mixed',
          withGmem,
        ),
      ],
    }),
    step('T11', 'drop slots_lock; return 0', () => returns(), { drops: slotsLock }),
  ],
});

interface RequestLocals {
  gpa: bigint;
  size: bigint;
  to: 'private' | 'shared';
  result: Errno | null;
}

/** Returns null or an errno. */
export const ioctlSetAttributes = procedure<RequestLocals>({
  name: 'kvm_vm_ioctl_set_mem_attributes',
  source: 'virt/kvm/kvm_main.c',
  about: 'Checks a request to convert guest memory, and carries it out.',
  locals: { gpa: 0n, size: 0n, to: 'private', result: null },
  steps: [
    step('T2', 'EINVAL to make memory private on a VM type without private memory', (machine, { to }) =>
      to === 'private' && !hasPrivateMemory(machine.vm.type)
        ? refuse(machine, 'EINVAL', 'attributes-unsupported')
        : undefined,
    ),
    step('T3', 'EINVAL for size 0, and where address + size wraps', (machine, { gpa, size }) => {
      if (size === 0n) return refuse(machine, 'EINVAL', 'size-zero');
      return gpa + size >= U64 ? refuse(machine, 'EINVAL', 'range-wraps') : undefined;
    }),
    step('T4', 'EINVAL unless address and size are page aligned', (machine, { gpa, size }) => {
      if (!isPageAligned(gpa)) return refuse(machine, 'EINVAL', 'gpa-unaligned');
      return isPageAligned(size) ? undefined : refuse(machine, 'EINVAL', 'size-unaligned');
    }),
    step('T4c', 'set the attribute of gfns [address >> 12, (address + size) >> 12)', (_, { gpa, size, to }) =>
      call(setAttributes, { start: pageOf(gpa), end: pageOf(gpa + size), to }, 'result'),
    ),
    step('T4r', 'return', (_, { result }) => returns(result)),
  ],
});

export const setMemoryAttributes = procedure<RequestLocals>({
  name: 'ioctl(KVM_SET_MEMORY_ATTRIBUTES)',
  source: 'virt/kvm/kvm_main.c',
  about: 'The VMM converts guest memory to private or to shared.',
  locals: { gpa: 0n, size: 0n, to: 'private', result: null },
  steps: [
    step('T1', 'KVM checks the request and carries it out', (_, { gpa, size, to }) =>
      call(ioctlSetAttributes, { gpa, size, to }, 'result'),
    ),
    step('T12', 'return', (machine, { result }) => finish(machine, result)),
  ],
});
