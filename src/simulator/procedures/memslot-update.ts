/** Publishing a changed set of memslots: create, delete and move. */
import type { Errno } from '../errno';
import { sameLock } from '../lock';
import type { Machine } from '../machine';
import { initialMixed } from '../model/mixed';
import { addressSpaceOf, putSlot, removeSlot, slotById } from '../model/state-parts';
import { call, choose, goto, type LockUse, procedure, returns, step, type Wait } from '../procedure';
import type { Slot } from '../state';
import { addressSpaces, gfnLimitOf } from '../vm';
import { type Binding, gmemEnterBinding, gmemUnbind, unbinding } from './gmem-bind';
import { activeNotifier, slotsArchLock, srcu } from './locks';
import { flushShadowMemslot } from './memslot-zap';
import { refuse } from './results';

/** Holders of the VM's lock other than this task, which took it before `epoch`. */
function heldByOther(machine: Machine, use: LockUse<unknown>, epoch: number): Wait | null {
  const lock = use.lock(machine, null);
  const holders = machine.state.locks
    .filter((held) => held.epoch < epoch && sameLock(held.lock, lock))
    .map((held) => held.task)
    .filter((id) => id !== machine.task.id);
  return holders.length === 0 ? null : { lock, holders };
}

/** Puts the changed slot in place, or takes it out; slots_arch_lock is dropped on the way. */
export const swapActiveMemslots = procedure<{ slot: Slot | null; id: number; epoch: number }>({
  name: 'kvm_swap_active_memslots',
  source: 'virt/kvm/kvm_main.c',
  about: 'Makes the prepared set of memslots the one that readers see, and waits for readers of the old one.',
  locals: { slot: null, id: 0, epoch: 0 },
  steps: [
    step(
      'SW1',
      'wait until no mmu_notifier is between start and end; publish the set; drop slots_arch_lock',
      (machine, locals) => {
        const { slot, id } = locals;
        machine.vm = slot === null ? removeSlot(machine.vm, id) : putSlot(machine.vm, slot);
        locals.epoch = machine.state.srcuEpoch + 1;
        machine.set({ srcuEpoch: locals.epoch });
        return undefined;
      },
      {
        blocked: (machine) => heldByOther(machine, activeNotifier, Number.POSITIVE_INFINITY),
        drops: slotsArchLock,
      },
    ),
    step('SW2', 'wait until every reader of the old set has left its SRCU section', () => undefined, {
      blocked: (machine, { epoch }) => heldByOther(machine, srcu, epoch),
    }),
    step(
      'SW3',
      'generation + number of address spaces: MMIO SPTEs of older ones are stale',
      (machine, { id }) => {
        // Each address space has a generation; the SPTEs are all of the first.
        if (addressSpaceOf(id) !== 0) return returns();
        const { generation, type } = machine.vm;
        machine.setVm({ generation: generation + addressSpaces(type) });
        return returns();
      },
    ),
  ],
});

/** kvm_mmu_init_memslot_memory_attributes(). */
function marked(machine: Machine, slot: Slot): Slot {
  return { ...slot, mixed: initialMixed(slot, machine.vm.privateGfns) };
}

interface ArchPrepareLocals {
  slot: Slot | null;
}

/** Returns the slot ready to be published, or an errno. */
export const archPrepareMemoryRegion = procedure<ArchPrepareLocals>({
  name: 'kvm_arch_prepare_memory_region',
  source: 'arch/x86/kvm/x86.c',
  about: 'Checks the gfns against what the host can map, and sets up which huge pages are allowed.',
  locals: { slot: null },
  steps: [
    step(
      'AP1',
      'EINVAL if the last gfn is above the largest that the host can map, or has the shared bit of TDX',
      (machine, { slot }) =>
        slot !== null && slot.baseGfn + slot.pages > gfnLimitOf(machine.vm.type, machine.kernel.gfnLimit)
          ? refuse(machine, 'EINVAL', 'gfn-above-limit')
          : undefined,
    ),
    choose('convert-slots', {
      all: [
        step(
          'AP2',
          'mark the huge pages that hold both private and shared gfns as mixed',
          (machine, { slot }) => returns(slot === null ? null : marked(machine, slot)),
        ),
      ],
      'with-gmem': [
        step(
          'AP2',
          'with a guest_memfd: mark the huge pages that hold both private and shared gfns as mixed',
          (machine, { slot }) => returns(slot?.gmem ? marked(machine, slot) : slot),
        ),
      ],
    }),
  ],
});

interface SetMemslotLocals {
  change: 'create' | 'delete' | 'move';
  id: number;
  /** The slot as it is to be; null for a deletion. */
  slot: Slot | null;
  /** What the slot is bound to, on creation. */
  binding: Binding | null;
  prepared: Slot | Errno | null;
  result: Errno | null;
  /** The slot as it was before a deletion or a move. */
  old: Slot | null;
}

export const setMemslot = procedure<SetMemslotLocals>({
  name: 'kvm_set_memslot',
  source: 'virt/kvm/kvm_main.c',
  about: 'Carries out one change of the memslots, so that readers see the old set or the new one.',
  locals: { change: 'create', id: 0, slot: null, binding: null, prepared: null, result: null, old: null },
  steps: [
    step(
      'M1',
      'take slots_arch_lock; a creation goes on at M2',
      (machine, locals) => {
        locals.old = slotById(machine.vm, locals.id) ?? null;
        return locals.change === 'create' ? goto('M2') : undefined;
      },
      { takes: slotsArchLock },
    ),
    step('D2', 'publish an INVALID copy of the slot: faults that meet it must retry', (_, { old, id }) =>
      call(swapActiveMemslots, { id, slot: old === null ? null : { ...old, invalid: true } }),
    ),
    step('D3', 'zap what the slot maps', (_, { id }) => call(flushShadowMemslot, { slot: id })),
    step(
      'D4',
      'take slots_arch_lock again',
      (_, { change }) => (change === 'move' ? goto('M2') : undefined),
      {
        takes: slotsArchLock,
      },
    ),
    step('D5', 'publish the set without the slot', (_, { id }) =>
      call(swapActiveMemslots, { id, slot: null }),
    ),
    step('D6', "free the slot: unbind it from its file; the file's pages stay", (machine, { id, old }) => {
      machine.emit({ type: 'slot', change: 'deleted', slot: id });
      return old?.gmem ? call(gmemUnbind, unbinding(old)) : returns();
    }),
    step('D7', 'return 0', () => returns()),

    step('M2', 'prepare the slot for its gfns', (_, { slot }) =>
      call(archPrepareMemoryRegion, { slot }, 'prepared'),
    ),
    step('M2e', 'if that failed, go to M5', (_, locals) => {
      if (typeof locals.prepared !== 'string') return undefined;
      locals.result = locals.prepared;
      return goto('M5');
    }),
    choose('gmem-bind', {
      early: [],
      late: [
        step('M2b', 'enter the binding', (_, { id, slot, binding }) =>
          binding === null || slot === null
            ? undefined
            : call(
                gmemEnterBinding,
                { ...binding, pages: slot.pages, slot: id, baseGfn: slot.baseGfn },
                'result',
              ),
        ),
        step('M2f', 'if a page was bound already, go to M5', (_, { result }) =>
          result === null ? undefined : goto('M5'),
        ),
      ],
    }),
    step('M3', 'publish the set with the slot', (_, { id, prepared }) =>
      call(swapActiveMemslots, { id, slot: typeof prepared === 'string' ? null : prepared }),
    ),
    step('M4', 'nothing is zapped; return 0', (machine, { id, change }) => {
      machine.emit({ type: 'slot', change: change === 'create' ? 'created' : 'moved', slot: id });
      return returns();
    }),
    step('M5', 'failed: a slot that was to move is published again where it was', (_, { id, change, old }) =>
      change === 'move' ? call(swapActiveMemslots, { id, slot: old }) : undefined,
    ),
    step('M6', 'a creation drops slots_arch_lock, nothing was published', (_, { change, result }) =>
      change === 'move' ? returns(result) : undefined,
    ),
    step('M7', 'return the errno', (_, { result }) => returns(result), { drops: slotsArchLock }),
  ],
});
