/** The SEV-SNP part of a guest_memfd: its pages are assigned to the guest while they are in the file. */
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
  /** The pages are a whole 2 MiB folio. */
  folio: boolean;
  level: 1 | 2;
  /** The current pages. */
  run: Range;
  errno: Errno | null;
}

/** The first run of pages that are not assigned in the RMP; null if there is none. */
function unassigned(machine: Machine, { start, end }: Range): Range | null {
  return gaps(machine.state.rmp, start, end)[0] ?? null;
}

const wholeFolio: Step<PrepareLocals> = step(
  'SP4',
  'for a 2M folio: one 2M entry if the hypervisor owns all of it, with pfn and gfn rounded down; otherwise a 4K entry for its first page',
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
    'Assigns pages to the guest in the RMP, before mmu_lock is taken, because RMPUPDATE may sleep (on 7.3: sev_gmem_make_private).',
  locals: { start: 0, end: 0, gfn: 0, folio: false, level: 1, run: { start: 0, end: 0 }, errno: null },
  steps: [
    choose('gmem-prepare', {
      once: [],
      'once-zeroed': [],
      'each-time': [
        step('SP2', 'handle single pages, even of a folio', (_, locals) => {
          locals.folio = false;
          return undefined;
        }),
      ],
    }),
    step('SP3', 'look up the page: return 0 if it is assigned, no matter to whom', (machine, locals) => {
      const run = unassigned(machine, locals);
      // For a folio, only the first page is looked up.
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
    step('SP7', 'continue with the next page (SP3); if there is none, return 0', (_, locals) => {
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

/** The next run of assigned pages with equal entries; null if there is none. */
function assigned(machine: Machine, { start, end }: Range): Range | null {
  return within(machine.state.rmp, start, end).find(({ value }) => value.assigned) ?? null;
}

/** Whether any of pfns `[start, end)` is assigned in the RMP. */
export function hasAssigned(machine: Machine, range: Range): boolean {
  return assigned(machine, range) !== null;
}

/** `start` and `end` are pfns. */
export const sevGmemInvalidate = procedure<InvalidateLocals>({
  name: 'sev_gmem_invalidate',
  source: 'arch/x86/kvm/svm/sev.c',
  about:
    'A folio was removed from the page cache, for any reason: returns its pages to the hypervisor (on 7.3: sev_gmem_make_shared).',
  locals: { start: 0, end: 0, level: 1, run: { start: 0, end: 0 }, errno: null },
  steps: [
    step('SI1', 'continue with the next page that is assigned; return if none is left', (machine, locals) => {
      const run = assigned(machine, locals);
      if (run === null) return returns();
      locals.level = entryAt(machine.state.rmp, run.start).pageSize;
      locals.run = { start: run.start, end: run.end };
      return undefined;
    }),
    step(
      'SI2',
      'if its entry is 2M and only part of the 2 MiB is freed: PSMASH; WARN if that fails',
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
      'WARN if that failed; the page is freed anyway; flush its cache lines; go to SI1',
      (machine, locals) => {
        const { run, errno } = locals;
        if (errno !== null) {
          const text = `pfn 0x${run.start.toString(16)} is freed but still assigned in the RMP`;
          machine.emit({ type: 'warn', text });
        }
        locals.start = run.end;
        return goto('SI1');
      },
    ),
  ],
});
