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

/** Who is to own pages: a guest, with the gfn of the first of them, or nobody but the host. */
export type Owner = { readonly gfn: number; readonly asid: number; readonly immutable: boolean } | null;

export function newState(to: Owner, pageSize: 1 | 2): NewState {
  return to === null ? sharedState(pageSize) : { assigned: true, pageSize, ...to };
}

/** What RMPUPDATE changed, for the outside; `before` tells who had the pages. */
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

/** Returns null or an errno. `start` and `end` are pfns, whose entries are alike. */
export const kernelRmpupdate = procedure<UpdateLocals>({
  name: 'rmpupdate',
  source: 'arch/x86/virt/svm/sev.c',
  about:
    'Changes who owns pfns [start, end), page after page (by way of rmp_make_private or rmp_make_shared). May sleep: not under mmu_lock.',
  locals: { start: 0, end: 0, level: 1, to: null },
  steps: [
    choose('direct-map', {
      split: [
        step(
          'RU2',
          'adjust_direct_map: for an update of 4K, map the 2 MiB around it page by page, for good',
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
      'RMPUPDATE; again on FAIL_OVERLAP, EFAULT on any other failure',
      (machine, { start, end, level, to }) => {
        const before = machine.state.rmp;
        const { result, rmp } = rmpupdate(before, start, newState(to, level), end - start);
        if (result === 'SUCCESS') {
          machine.set({ rmp });
          machine.emit({ type: 'rmp', ...updatedRun(before, { start, end }, level, to) });
          return returns();
        }
        // The kernel has no way out of this loop; here a signal is one, so that it can be told.
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
