/** The host's instructions on the RMP, and its own writes, on pages of a guest_memfd. */
import type { Machine } from '../machine';
import { fileByName } from '../model/state-parts';
import { type Control, goto, procedure, step } from '../procedure';
import { valueAt } from '../ranges';
import { entryAt, gfnOf } from '../rmp/entry';
import {
  hostMayWrite,
  type NewState,
  psmash,
  type RmpChange,
  rmpupdate,
  sharedState,
} from '../rmp/host-instructions';
import { smashedRun } from '../rmp/pages';
import { pageOf } from '../units';
import { finish, reject } from './results';

interface HostPageLocals {
  name: string;
  offset: bigint;
  pfn: number;
}

/** Finds the page behind the file offset: EBADF for a bad descriptor, EFAULT where no page is there. */
function findPage(machine: Machine, locals: HostPageLocals): Control | undefined {
  const file = fileByName(machine.state, locals.name);
  if (file === null) return reject(machine, 'EBADF', 'bad-descriptor');
  const index = pageOf(locals.offset);
  const page = valueAt(file.cache, index);
  if (page === undefined) return reject(machine, 'EFAULT', 'no-page');
  locals.pfn = index + page.frame;
  return undefined;
}

const FIND = 'find the page in the file; EFAULT if there is none';

/** Stores what the instruction did, and says so. */
function apply(machine: Machine, name: 'RMPUPDATE' | 'PSMASH', { result, rmp }: RmpChange): Control {
  machine.set({ rmp });
  machine.emit({ type: 'instruction', name, result, detail: null });
  return finish(machine, null);
}

export const hostRmpupdate = procedure<
  HostPageLocals & { level: 1 | 2; to: { gpa: bigint; asid: number; immutable: boolean } | null }
>({
  name: 'rmpupdate',
  source: 'arch/x86/virt/svm/sev.c',
  about:
    'The host changes who owns a page, or 2 MiB: the bare instruction. The wrapper of the kernel tries again for ever on FAIL_OVERLAP, and makes EFAULT of other failures.',
  locals: { name: '', offset: 0n, pfn: 0, level: 1, to: null },
  steps: [
    step('RU1', FIND, findPage),
    step('RU3', 'RMPUPDATE', (machine, { pfn, level, to }) => {
      const state: NewState =
        to === null
          ? sharedState(level)
          : { assigned: true, pageSize: level, immutable: to.immutable, gfn: pageOf(to.gpa), asid: to.asid };
      const change = rmpupdate(machine.state.rmp, pfn, state);
      if (change.result === 'SUCCESS') {
        const pages = level === 2 ? 512 : 1;
        const gfn = to === null ? null : state.gfn;
        const what = to === null ? 'shared' : 'private';
        machine.emit({
          type: 'rmp',
          start: pfn,
          end: pfn + pages,
          change: what,
          level,
          gfn,
          asid: state.asid,
        });
      }
      return apply(machine, 'RMPUPDATE', change);
    }),
  ],
});

export const hostPsmash = procedure<HostPageLocals>({
  name: 'psmash',
  source: 'arch/x86/virt/svm/sev.c',
  about: 'The host makes 512 entries of 4K out of one of 2M: the bare instruction.',
  locals: { name: '', offset: 0n, pfn: 0 },
  steps: [
    step('PM1', FIND, findPage),
    step('PM2', 'PSMASH', (machine, { pfn }) => {
      const change = psmash(machine.state.rmp, pfn);
      if (change.result === 'SUCCESS') {
        machine.emit({ type: 'rmp', ...smashedRun(pfn) });
      }
      return apply(machine, 'PSMASH', change);
    }),
  ],
});

export const hostRmpread = procedure<HostPageLocals>({
  name: 'snp_lookup_rmpentry',
  source: 'arch/x86/virt/svm/sev.c',
  about: "The host reads a page's entry (RMPREAD, or the table itself).",
  locals: { name: '', offset: 0n, pfn: 0 },
  steps: [
    step('RR1', FIND, findPage),
    step('RR2', 'read the entry', (machine, { pfn }) => {
      const entry = entryAt(machine.state.rmp, pfn);
      const detail = entry.assigned
        ? `${entry.pageSize === 2 ? '2M' : '4K'} of ASID ${entry.asid} at gfn 0x${gfnOf(entry, pfn).toString(16)}` +
          `${entry.validated ? ', validated' : ''}${entry.immutable ? ', immutable' : ''}${entry.vmsa ? ', VMSA' : ''}`
        : "the hypervisor's";
      machine.emit({ type: 'instruction', name: 'RMPREAD', result: 'SUCCESS', detail });
      return finish(machine, null);
    }),
  ],
});

export const hostFileWrite = procedure<HostPageLocals>({
  name: 'write by the host',
  source: 'arch/x86/mm/fault.c',
  about:
    'The host writes to a page of the file through its direct map, as a kernel that copies into it would.',
  locals: { name: '', offset: 0n, pfn: 0 },
  steps: [
    step('HW1', FIND, findPage),
    step(
      'HW2',
      "go on if the page is the hypervisor's (HW4): the direct map has it as 4K",
      (machine, { pfn }) => (hostMayWrite(machine.state.rmp, pfn, 1) ? goto('HW4') : undefined),
    ),
    step('HW3', '#PF with the RMP bit: a kernel has no way on from here', (machine) => {
      machine.emit({ type: 'warn', text: 'host #PF with the RMP bit: the kernel would stop here' });
      return reject(machine, 'EFAULT', 'host-rmp-fault');
    }),
    step('HW4', 'the write is done', (machine) => finish(machine, null)),
  ],
});
