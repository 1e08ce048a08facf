/** KVM_SET_MEMORY_ATTRIBUTES: gfns become private or shared, and lose what maps them. */
import type { Errno } from '../errno';
import type { Machine } from '../machine';
import { addRange } from '../model/invalidation';
import { guardedRange, mixedAfter } from '../model/mixed';
import { putSlot, slotById, slotsTouching } from '../model/state-parts';
import { call, choose, goto, procedure, returns, type Step, step } from '../procedure';
import { gaps, intersects, put, type Range, remove } from '../ranges';
import type { MmuInvalidation, Slot } from '../state';
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
  const { privateGfns } = machine.state;
  return to === 'private' ? gaps(privateGfns, start, end).length === 0 : !intersects(privateGfns, start, end);
}

/** The part of the range that lies in the slot. */
function inSlot({ start, end }: Range, { baseGfn, pages }: Slot): Range {
  return { start: Math.max(start, baseGfn), end: Math.min(end, baseGfn + pages) };
}

/** Guards the gfns of the slot at hand, and zaps them. */
function zapStep(
  text: string,
  guard: (mmu: MmuInvalidation, slot: Slot, part: Range) => MmuInvalidation,
): Step<SetAttributesLocals> {
  return step('T8b', text, (machine, locals) => {
    const slot = slotById(machine.state, locals.slots[locals.next]!);
    if (slot === undefined) return undefined;
    const part = inSlot(locals, slot);
    machine.set({ mmu: guard(machine.state.mmu, slot, part) });
    const filter = locals.to === 'private' ? 'shared' : 'private';
    return call(unmapGfnRange, { slot: slot.id, ...part, filter }, 'zapped');
  });
}

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
      locals.slots = slotsTouching(machine.state, locals.start, locals.end).map(({ id }) => id);
      return locals.slots.length === 0 ? goto('T9') : undefined;
    }),
    step(
      'T8a',
      'some slot has one of the gfns: take mmu_lock and count an invalidation in progress',
      beginInvalidation,
      { takes: mmuLock('write') },
    ),
    choose('convert-range', {
      added: [
        zapStep(
          "add the slot's part to the range that faults must not map, with the huge pages it leaves mixed; zap it",
          (mmu, slot, part) => addRange(addRange(mmu, part), guardedRange(slot, part)),
        ),
      ],
      'gfns-only': [
        zapStep("add the slot's part to the range that faults must not map; zap it", (mmu, _, part) =>
          addRange(mmu, part),
        ),
      ],
    }),
    step('T8c', 'go on with the next slot', (_, locals) => {
      locals.flush ||= locals.zapped;
      locals.next++;
      return locals.next < locals.slots.length ? goto('T8b') : undefined;
    }),
    step(
      'T8f',
      'flush the TLBs of all vCPUs if a leaf went; drop mmu_lock, the invalidation stays in progress',
      (machine, { flush }) => {
        if (flush) machine.emit({ type: 'flush' });
        return undefined;
      },
      { drops: mmuLock('write') },
    ),
    step('T9', 'store the attribute of every gfn', (machine, { start, end, to, slots }) => {
      const { privateGfns } = machine.state;
      const stored = to === 'private' ? put(privateGfns, start, end, true) : remove(privateGfns, start, end);
      machine.set({ privateGfns: stored });
      machine.emit({ type: 'attributes', start, end, to });
      return slots.length === 0 ? goto('T11') : undefined;
    }),
    step(
      'T10',
      'under mmu_lock: end the invalidation, and note which huge pages are mixed now',
      (machine, locals) => {
        endInvalidation(machine);
        for (const id of locals.slots) {
          const slot = slotById(machine.state, id);
          if (slot === undefined) continue;
          const mixed = mixedAfter(slot, inSlot(locals, slot), machine.state.privateGfns);
          machine.state = putSlot(machine.state, { ...slot, mixed });
        }
        return undefined;
      },
      { takes: mmuLock('write'), drops: mmuLock('write') },
    ),
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
      to === 'private' && !hasPrivateMemory(machine.state.vm)
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
