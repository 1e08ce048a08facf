/** What SEV-SNP adds to a guest_memfd: its pages are a guest's while they are in the file. */
import type { Errno } from '../errno';
import type { Machine } from '../machine';
import { asidOf } from '../model/vms';
import { call, choose, goto, procedure, returns, type Step, step } from '../procedure';
import { gaps, type Range, within } from '../ranges';
import { entryAt, isHypervisor } from '../rmp/entry';
import { regionOf } from '../rmp/host-instructions';
import { kernelRmpupdate, smash } from './rmpupdate';

interface PrepareLocals {
  start: number;
  end: number;
  /** gfn of the first page. */
  gfn: number;
  /** The pages are a folio of 2 MiB, whole. */
  folio: boolean;
  level: 1 | 2;
  /** The pages at hand. */
  run: Range;
  errno: Errno | null;
}

/** The first of the pages that the RMP does not have as a guest's, with those behind it; null where there are none. */
function unassigned(machine: Machine, { start, end }: Range): Range | null {
  return gaps(machine.state.rmp, start, end)[0] ?? null;
}

const wholeFolio: Step<PrepareLocals> = step(
  'SP4',
  "a 2M folio, all of its entries the hypervisor's: one entry of 2M, pfn and gfn rounded down; else 4K, of its first page",
  (machine, locals) => {
    if (!locals.folio) return undefined;
    const { start } = locals;
    const whole = isHypervisor(machine.state.rmp, start, start + 512);
    locals.level = whole ? 2 : 1;
    locals.run = { start, end: start + (whole ? 512 : 1) };
    return undefined;
  },
);

/** Returns null or an errno. `start` and `end` are pfns. */
export const sevGmemPrepare = procedure<PrepareLocals>({
  name: 'sev_gmem_prepare',
  source: 'arch/x86/kvm/svm/sev.c',
  about:
    "Makes pages the guest's in the RMP, before mmu_lock is taken: RMPUPDATE may sleep (on 7.3: sev_gmem_make_private).",
  locals: { start: 0, end: 0, gfn: 0, folio: false, level: 1, run: { start: 0, end: 0 }, errno: null },
  steps: [
    choose('gmem-prepare', {
      once: [],
      'once-zeroed': [],
      'each-time': [
        step('SP2', 'page after page, whatever the folio', (_, locals) => {
          locals.folio = false;
          return undefined;
        }),
      ],
    }),
    step('SP3', 'look the page up: return 0 if it is assigned, whoever has it', (machine, locals) => {
      const run = unassigned(machine, locals);
      // Of a folio only the first page is looked up.
      if (run === null || (locals.folio && run.start !== locals.start)) return returns();
      locals.run = run;
      return undefined;
    }),
    choose('gmem-prepare', {
      once: [wholeFolio],
      'once-zeroed': [wholeFolio],
      'each-time': [],
    }),
    step('SP5', 'rmp_make_private', (machine, { start, gfn, level, run }) => {
      const first = gfn + run.start - start;
      const owned = level === 2 ? Math.floor(first / 512) * 512 : first;
      const to = { gfn: owned, asid: asidOf(machine.vmId), immutable: false };
      return call(kernelRmpupdate, { ...run, level, to }, 'errno');
    }),
    step('SP6', 'EINVAL if that failed', (_, { errno }) =>
      errno === null ? undefined : returns('EINVAL' satisfies Errno),
    ),
    step('SP7', 'go on with the next page, if there are more; return 0', (_, locals) => {
      if (locals.folio) return returns();
      locals.gfn += locals.run.end - locals.start;
      locals.start = locals.run.end;
      return locals.start < locals.end ? goto('SP3') : returns();
    }),
  ],
});

interface InvalidateLocals {
  start: number;
  end: number;
  level: 1 | 2;
  run: Range;
  errno: Errno | null;
}

/** The next pages that a guest has, whose entries are alike; null where there are none. */
function assigned(machine: Machine, { start, end }: Range): Range | null {
  return within(machine.state.rmp, start, end).find(({ value }) => value.assigned) ?? null;
}

/** Whether the host's RMP has entries of guests among pfns `[start, end)`. */
export function hasAssigned(machine: Machine, range: Range): boolean {
  return assigned(machine, range) !== null;
}

/** `start` and `end` are pfns. */
export const sevGmemInvalidate = procedure<InvalidateLocals>({
  name: 'sev_gmem_invalidate',
  source: 'arch/x86/kvm/svm/sev.c',
  about:
    'A folio left the page cache: hands its pages back to the hypervisor, whatever the reason (on 7.3: sev_gmem_make_shared).',
  locals: { start: 0, end: 0, level: 1, run: { start: 0, end: 0 }, errno: null },
  steps: [
    step('SI1', 'go on with the next page that is assigned; return when none is left', (machine, locals) => {
      const run = assigned(machine, locals);
      if (run === null) return returns();
      locals.level = entryAt(machine.state.rmp, run.start).pageSize;
      locals.run = { start: run.start, end: run.end };
      return undefined;
    }),
    step(
      'SI2',
      'if its entry is of 2M, and not all of the 2 MiB are freed: PSMASH; WARN if that fails',
      (machine, locals) => {
        const { level, run } = locals;
        if (level === 1) return undefined;
        const region = { start: regionOf(run.start), end: regionOf(run.start) + 512 };
        if (region.start === run.start && region.end <= run.end) {
          locals.run = { start: run.start, end: regionOf(run.end) };
          return undefined;
        }
        locals.level = 1;
        locals.run = { start: run.start, end: Math.min(run.end, region.end) };
        if (smash(machine, run.start) !== 'SUCCESS')
          machine.emit({ type: 'warn', text: `PSMASH of pfn 0x${region.start.toString(16)} failed` });
        return undefined;
      },
    ),
    step('SI3', 'rmp_make_shared, for the 2 MiB or the page', (_, { run, level }) =>
      call(kernelRmpupdate, { ...run, level, to: null }, 'errno'),
    ),
    step(
      'SI4',
      'WARN if that failed, and free the page all the same; flush its cache lines; go to SI1',
      (machine, locals) => {
        const { run, errno } = locals;
        if (errno !== null) {
          const text = `pfn 0x${run.start.toString(16)} is freed, and still assigned in the RMP`;
          machine.emit({ type: 'warn', text });
        }
        locals.start = run.end;
        return goto('SI1');
      },
    ),
  ],
});
