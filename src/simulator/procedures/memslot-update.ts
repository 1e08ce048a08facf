/** Publishes a changed set of memslots: create, delete and move. */
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

/** Other tasks that took the VM's lock before `epoch` and still hold it. */
function heldByOther(machine: Machine, use: LockUse<unknown>, epoch: number): Wait | null {
  const lock = use.lock(machine, null);
  const holders = machine.state.locks
    .filter((held) => held.epoch < epoch && sameLock(held.lock, lock))
    .map((held) => held.task)
    .filter((id) => id !== machine.task.id);
  return holders.length === 0 ? null : { lock, holders };
}

/** Publishes the set with the changed slot, or without it, and drops slots_arch_lock. */
export const swapActiveMemslots = procedure<{ slot: Slot | null; id: number; epoch: number }>({
  name: 'kvm_swap_active_memslots',
  source: 'virt/kvm/kvm_main.c',
  about: 'Publishes the prepared set of memslots, and waits for readers of the old one.',
  locals: { slot: null, id: 0, epoch: 0 },
  steps: [
    step(
      'SW1',
      'wait until no mmu_notifier is active; publish the set, whose generation says that an update is in progress; drop slots_arch_lock',
      (machine, { slot, id }) => {
        machine.vm = slot === null ? removeSlot(machine.vm, id) : putSlot(machine.vm, slot);
        if (addressSpaceOf(id) === 0) machine.setVm({ updating: true });
        return undefined;
      },
      {
        blocked: (machine) => heldByOther(machine, activeNotifier, Number.POSITIVE_INFINITY),
        drops: slotsArchLock,
      },
    ),
    step(
      'SW2',
      'begin a grace period of SRCU (synchronize_srcu_expedited): from now on, nobody else is waited for',
      (machine, locals) => {
        locals.epoch = machine.state.srcu.epoch + 1;
        machine.set({ srcu: { epoch: locals.epoch } });
        return undefined;
      },
    ),
    step('SW2w', 'wait until every reader from before has left its SRCU section', () => undefined, {
      blocked: (machine, { epoch }) => heldByOther(machine, srcu, epoch),
    }),
    step(
      'SW3',
      'add the number of address spaces to the generation, and end the update: older MMIO SPTEs are stale',
      (machine, { id }) => {
        // Each address space has its own generation; all SPTEs belong to the first address space.
        if (addressSpaceOf(id) !== 0) return returns();
        const { generation, type } = machine.vm;
        machine.setVm({ generation: generation + addressSpaces(type), updating: false });
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
  about: 'Checks that the host can map the gfns, and determines which huge pages are allowed.',
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
  /** The new state of the slot; null for a deletion. */
  slot: Slot | null;
  /** The binding of a new slot. */
  binding: Binding | null;
  prepared: Slot | Errno | null;
  result: Errno | null;
  /** The slot before a deletion or a move. */
  old: Slot | null;
}

export const setMemslot = procedure<SetMemslotLocals>({
  name: 'kvm_set_memslot',
  source: 'virt/kvm/kvm_main.c',
  about: 'Makes one change of the memslots; readers see either the old set or the new one.',
  locals: { change: 'create', id: 0, slot: null, binding: null, prepared: null, result: null, old: null },
  steps: [
    step(
      'M1',
      'take slots_arch_lock; for a creation, go to M2',
      (machine, locals) => {
        locals.old = slotById(machine.vm, locals.id) ?? null;
        return locals.change === 'create' ? goto('M2') : undefined;
      },
      { takes: slotsArchLock },
    ),
    step('D2', 'publish an INVALID copy of the slot: faults that find it must retry', (_, { old, id }) =>
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
        step('M2b', 'bind the slot to its file', (_, { id, slot, binding }) =>
          binding === null || slot === null
            ? undefined
            : call(
                gmemEnterBinding,
                { ...binding, pages: slot.pages, slot: id, baseGfn: slot.baseGfn },
                'result',
              ),
        ),
        step('M2f', 'if a page was already bound, go to M5', (_, { result }) =>
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
    step('M5', 'failed: for a move, publish the slot again at its old gfns', (_, { id, change, old }) =>
      change === 'move' ? call(swapActiveMemslots, { id, slot: old }) : undefined,
    ),
    step('M6', 'a failed move returns the errno', (_, { change, result }) =>
      change === 'move' ? returns(result) : undefined,
    ),
    step(
      'M7',
      'a failed creation published nothing: drop slots_arch_lock; return the errno',
      (_, { result }) => returns(result),
      { drops: slotsArchLock },
    ),
  ],
});
