/** Zaps the mappings of a memslot that is deleted or moved. */

import type { Machine } from '../machine';
import { clearBelowTop, clearTop, type RootChange } from '../model/page-table';
import { inRoot } from '../model/roots';
import { putRoot, slotById } from '../model/state-parts';
import { call, choose, goto, procedure, returns, step } from '../procedure';
import type { Root } from '../state';
import { hasPrivateMemory } from '../vm';
import { mmuLock } from './locks';
import { loseAcceptance, unmapGfnRange } from './unmap';

interface TeardownLocals {
  slot: number;
  order: 'parent-first' | 'child-first';
}

/** One pass over the invalidated roots. */
function tearDown(machine: Machine, { order }: TeardownLocals, pass: (root: Root) => RootChange): void {
  for (const root of machine.vm.roots.filter(({ invalid }) => invalid)) {
    const change = pass(root);
    machine.vm = putRoot(machine.vm, change.root);
    if (root.kind === 'mirror') loseAcceptance(machine, change.runs);
    if (change.runs.length > 0) {
      machine.emit({ type: 'sptes', order, runs: inRoot(machine.vm, root, change.runs) });
    }
  }
}

/** Frees all roots of the VM, which also zaps the mappings of other slots. */
export const zapAllFast = procedure<TeardownLocals>({
  name: 'kvm_mmu_zap_all_fast',
  source: 'arch/x86/kvm/mmu/mmu.c',
  about: 'Makes every root obsolete at once, then tears the tables down while vCPUs build new ones.',
  locals: { slot: 0, order: 'parent-first' },
  steps: [
    step('Z1', 'take mmu_lock', () => undefined, { takes: mmuLock('write') }),
    step(
      'Z3',
      'mark every root invalid; vCPUs load another before they enter the guest',
      (machine, { slot }) => {
        machine.setVm({ roots: machine.vm.roots.map((root) => ({ ...root, invalid: true })) });
        machine.emit({ type: 'zap-all', slot });
        return undefined;
      },
    ),
    step('Z5', 'drop mmu_lock', () => undefined, { drops: mmuLock('write') }),
    choose('removed-table', {
      'parent-first': [
        step(
          'Z6',
          'take mmu_lock, shared; entries are removed before the tables that they point to',
          (_, locals) => {
            locals.order = 'parent-first';
            return undefined;
          },
          { takes: mmuLock('read') },
        ),
      ],
      'child-first': [
        step(
          'Z6',
          'take mmu_lock, shared; entries are removed after the tables that they point to',
          (_, locals) => {
            locals.order = 'child-first';
            return undefined;
          },
          { takes: mmuLock('read') },
        ),
      ],
    }),
    step(
      'Z6a',
      'first pass: remove every entry of 1 GiB and below in all invalid roots',
      (machine, locals) => {
        tearDown(machine, locals, clearBelowTop);
        return undefined;
      },
    ),
    step('Z6b', "last pass: remove the roots' own entries", (machine, locals) => {
      tearDown(machine, locals, clearTop);
      return undefined;
    }),
    step(
      'Z7',
      'free the roots and drop mmu_lock; no TLB flush is requested',
      (machine) => {
        machine.setVm({ roots: machine.vm.roots.filter(({ invalid }) => !invalid) });
        return returns();
      },
      { drops: mmuLock('read') },
    ),
  ],
});

export const flushShadowMemslot = procedure<{ slot: number; flush: boolean }>({
  name: 'kvm_arch_flush_shadow_memslot',
  source: 'arch/x86/kvm/mmu/mmu.c',
  about: 'Zaps the mappings of a slot that is deleted or moved.',
  locals: { slot: 0, flush: false },
  steps: [
    choose('unbind-zap', {
      on: [],
      off: [step('D3k', 'keep every mapping of the slot', () => returns())],
    }),
    choose('slot-zap', {
      'by-type': [
        step(
          'D3a',
          'a default VM frees all its roots; others zap only what the slot maps (D3b)',
          (machine, { slot }) =>
            hasPrivateMemory(machine.vm.type) ? goto('D3b') : call(zapAllFast, { slot }),
        ),
      ],
      'slot-only': [step('D3a', 'zap only what the slot maps (D3b)', () => goto('D3b'))],
      'all-roots': [
        step('D3a', 'free all roots, including those of private memory', (_, { slot }) =>
          call(zapAllFast, { slot }),
        ),
      ],
    }),
    step('D3r', 'return after a zap of all roots', () => returns()),
    step(
      'D3b',
      "take mmu_lock; zap the slot's gfns in all roots",
      (machine, locals) => {
        const slot = slotById(machine.vm, locals.slot);
        if (slot === undefined) return undefined;
        const range = { start: slot.baseGfn, end: slot.baseGfn + slot.pages };
        return call(unmapGfnRange, { slot: slot.id, ...range, filter: 'both' }, 'flush');
      },
      { takes: mmuLock('write') },
    ),
    step(
      'D3c',
      'flush the TLBs of all vCPUs if a leaf was zapped; drop mmu_lock',
      (machine, { flush }) => {
        if (flush) machine.emit({ type: 'flush' });
        return returns();
      },
      { drops: mmuLock('write') },
    ),
  ],
});
