/** How the kernel changes the RMP: the wrappers of RMPUPDATE and PSMASH. */
import type { Errno } from '../errno';
import type { Machine } from '../machine';
import { choose, goto, procedure, returns, step } from '../procedure';
import type { Range } from '../ranges';
import { type RmpChangeRun, smashedRun } from '../rmp/change';
import { splitDirectMap } from '../rmp/direct-map';
import { entryAt, type Rmp } from '../rmp/entry';
import {
  type NewState,
  psmash,
  type RmpResult,
  regionOf,
  rmpupdate,
  sharedState,
} from '../rmp/host-instructions';

/** The new owner of pages: a guest, with the gfn of the first page; null for the hypervisor. */
export type Owner = { readonly gfn: number; readonly asid: number; readonly immutable: boolean } | null;

export function newState(to: Owner, pageSize: 1 | 2): NewState {
  return to === null ? sharedState(pageSize) : { assigned: true, pageSize, ...to };
}

/** The change that RMPUPDATE made, as its event reports it; `before` gives the previous owner. */
export function updatedRun(before: Rmp, { start, end }: Range, level: 1 | 2, to: Owner): RmpChangeRun {
  if (to === null)
    return { start, end, change: 'shared', level, gfn: null, asid: entryAt(before, start).asid };
  const { gfn, asid, immutable } = to;
  const nobodys = immutable ? 'firmware' : 'reclaim';
  return { start, end, change: asid === 0 ? nobodys : 'private', level, gfn, asid };
}

interface UpdateLocals extends Range {
  level: 1 | 2;
  to: Owner;
}

/** Returns null or an errno. `start` and `end` are pfns; their entries are equal except for the gfn. */
export const kernelRmpupdate = procedure<UpdateLocals>({
  name: 'rmpupdate',
  source: 'arch/x86/virt/svm/sev.c',
  about:
    'Changes the owner of pfns [start, end), page by page (called by rmp_make_private and rmp_make_shared). It may sleep, so mmu_lock must not be held.',
  locals: { start: 0, end: 0, level: 1, to: null },
  steps: [
    choose('direct-map', {
      split: [
        step(
          'RU2',
          'adjust_direct_map: for a 4K update, split the surrounding 2 MiB of the direct map to 4K, permanently',
          (machine, { start, end, level }) => {
            if (level === 2) return undefined;
            const { directMap, split } = splitDirectMap(machine.state.directMap, { start, end });
            if (split.length === 0) return undefined;
            machine.set({ directMap });
            for (const range of split) machine.emit({ type: 'direct-map-split', ...range });
            return undefined;
          },
        ),
      ],
      keep: [],
    }),
    step(
      'RU3',
      'RMPUPDATE; repeat it on FAIL_OVERLAP; EFAULT on any other failure',
      (machine, { start, end, level, to }) => {
        const before = machine.state.rmp;
        const { result, rmp } = rmpupdate(before, start, newState(to, level), end - start);
        if (result === 'SUCCESS') {
          machine.set({ rmp });
          machine.emit({ type: 'rmp', ...updatedRun(before, { start, end }, level, to) });
          return returns();
        }
        // The kernel never leaves this loop; here a signal ends it, so that the livelock can be reported.
        if (result === 'FAIL_OVERLAP' && !machine.task.signal) return goto('RU3');
        machine.emit({ type: 'instruction', name: 'RMPUPDATE', result, detail: null, byKvm: true });
        return returns('EFAULT' satisfies Errno);
      },
    ),
  ],
});

/** The bare PSMASH of the entry at `pfn`; the direct map stays as it is. */
export function smashAt(machine: Machine, pfn: number, by: { readonly byKvm?: true } = {}): RmpResult {
  const { result, rmp } = psmash(machine.state.rmp, pfn);
  machine.emit({ type: 'instruction', name: 'PSMASH', result, detail: null, ...by });
  if (result === 'SUCCESS') {
    machine.set({ rmp });
    machine.emit({ type: 'rmp', ...smashedRun(pfn) });
  }
  return result;
}

/** snp_rmptable_psmash(): PSMASH of the 2 MiB around `pfn`. */
export function smash(machine: Machine, pfn: number): RmpResult {
  return smashAt(machine, regionOf(pfn), { byKvm: true });
}
