/** Zaps the mappings of a memslot that is deleted or moved. */

import type { SpteRun } from '../events';
import type { Machine } from '../machine';
import { clearEntries, type RootChange } from '../model/page-table';
import { inRoot } from '../model/roots';
import { putRoot, rootById, slotById } from '../model/state-parts';
import { type Control, call, choose, goto, procedure, returns, step } from '../procedure';
import type { Root } from '../state';
import { pagesPer, roundDown } from '../units';
import { hasPrivateMemory } from '../vm';
import { mmuLock } from './locks';
import { loseAcceptance, MOST_YIELDS, unmapGfnRange } from './unmap';

const WHOLE_ROOT = { start: 0, end: Number.MAX_SAFE_INTEGER };

interface TeardownLocals {
  slot: number;
  order: 'parent-first' | 'child-first';
}

/** What a pass has left to remove in each of the invalid roots. */
function remaining({ vm }: Machine, pass: 3 | 4): readonly RootChange[] {
  return vm.roots
    .filter(({ invalid }) => invalid)
    .map((root) => clearEntries(root, WHOLE_ROOT, pass))
    .filter(({ runs }) => runs.length > 0);
}

/** The first entry of the pass that is left in a root, with all that is below it. */
function nextEntry(root: Root, runs: readonly SpteRun[], pass: 3 | 4): RootChange {
  const start = roundDown(Math.min(...runs.map((run) => run.start)), pass);
  return clearEntries(root, { start, end: start + pagesPer(pass) }, pass);
}

function entriesIn(changes: readonly RootChange[], pass: 3 | 4): number {
  const regions = changes.flatMap(({ runs }) =>
    runs.filter(({ level }) => level === pass).map(({ start, end }) => (end - start) / pagesPer(pass)),
  );
  return regions.reduce((sum, count) => sum + count, 0);
}

/** Removes what a pass has left, or, if other calls may run in the middle, its next entry: then more may be left (Z6y). */
function tearDown(machine: Machine, { order }: TeardownLocals, pass: 3 | 4): Control | undefined {
  const changes = remaining(machine, pass);
  const yields = machine.task.pagewise && entriesIn(changes, pass) <= MOST_YIELDS;
  for (const whole of changes) {
    const root = rootById(machine.vm, whole.root.id);
    if (root === undefined) continue;
    const change = yields ? nextEntry(root, whole.runs, pass) : whole;
    machine.vm = putRoot(machine.vm, change.root);
    if (root.kind === 'mirror') loseAcceptance(machine, change.runs);
    machine.emit({ type: 'sptes', order, runs: inRoot(machine.vm, root, change.runs) });
    if (yields) break;
  }
  if (!yields || changes.length === 0) return undefined;
  const isLeft = remaining(machine, 3).length > 0 || remaining(machine, 4).length > 0;
  return isLeft ? goto('Z6y') : undefined;
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
      'first pass: remove every entry of 1 GiB and below in all invalid roots. Between two entries of 1 GiB, mmu_lock may be dropped (Z6y)',
      (machine, locals) => tearDown(machine, locals, 3),
    ),
    step(
      'Z6b',
      "last pass: remove the roots' own entries. Between two of them, mmu_lock may be dropped (Z6y)",
      (machine, locals) => tearDown(machine, locals, 4),
    ),
    step(
      'Z7',
      'free the roots and drop mmu_lock; no TLB flush is requested',
      (machine) => {
        machine.setVm({ roots: machine.vm.roots.filter(({ invalid }) => !invalid) });
        return returns();
      },
      { drops: mmuLock('read') },
    ),
    step('Z6y', 'drop mmu_lock (tdp_mmu_iter_cond_resched)', () => undefined, { drops: mmuLock('read') }),
    step('Z6z', 'take mmu_lock again, shared; continue with the next entry (Z6a)', () => goto('Z6a'), {
      takes: mmuLock('read'),
    }),
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
