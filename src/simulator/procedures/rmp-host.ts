/** RMP instructions and writes of the host, on pages of a guest_memfd. */
import { NO_KEY, writeValue } from '../model/contents';
import { procedure, step } from '../procedure';
import { entryAt, gfnOf } from '../rmp/entry';
import { rmpupdate } from '../rmp/host-instructions';
import { offsetInPage, pageOf } from '../units';
import { FIND_PAGE, type FilePageLocals, findPage } from './file-page';
import { hostWrites } from './host-write';
import { finish } from './results';
import { newState, type Owner, smashAt, updatedRun } from './rmpupdate';

export const hostRmpupdate = procedure<
  FilePageLocals & { level: 1 | 2; to: { gpa: bigint; asid: number; immutable: boolean } | null }
>({
  name: 'RMPUPDATE',
  source: 'the instruction',
  about:
    'The host changes the owner of a page, or of 2 MiB, with the bare instruction: it does not split the direct map, and a failure only returns its code.',
  locals: { name: '', offset: 0n, pfn: 0, level: 1, to: null },
  steps: [
    step('BU1', FIND_PAGE, findPage),
    step('BU2', 'RMPUPDATE', (machine, { pfn, level, to }) => {
      const owner: Owner =
        to === null ? null : { gfn: pageOf(to.gpa), asid: to.asid, immutable: to.immutable };
      const before = machine.state.rmp;
      const { result, rmp } = rmpupdate(before, pfn, newState(owner, level));
      machine.emit({ type: 'instruction', name: 'RMPUPDATE', result, detail: null });
      if (result === 'SUCCESS') {
        machine.set({ rmp });
        const pages = { start: pfn, end: pfn + (level === 2 ? 512 : 1) };
        machine.emit({ type: 'rmp', ...updatedRun(before, pages, level, owner) });
      }
      return finish(machine, null);
    }),
  ],
});

export const hostPsmash = procedure<FilePageLocals>({
  name: 'PSMASH',
  source: 'the instruction',
  about: 'The host splits a 2M entry into 512 entries of 4K, with the bare instruction.',
  locals: { name: '', offset: 0n, pfn: 0 },
  steps: [
    step('BS1', FIND_PAGE, findPage),
    step('BS2', 'PSMASH', (machine, { pfn }) => {
      smashAt(machine, pfn);
      return finish(machine, null);
    }),
  ],
});

export const hostRmpread = procedure<FilePageLocals>({
  name: 'snp_lookup_rmpentry',
  source: 'arch/x86/virt/svm/sev.c',
  about: "The host reads a page's entry (RMPREAD, or the table itself).",
  locals: { name: '', offset: 0n, pfn: 0 },
  steps: [
    step('RR1', FIND_PAGE, findPage),
    step('RR2', 'read the entry', (machine, { pfn }) => {
      const entry = entryAt(machine.state.rmp, pfn);
      const detail = entry.assigned
        ? `${entry.pageSize === 2 ? '2M' : '4K'} of ASID ${entry.asid} at gfn 0x${gfnOf(entry, pfn).toString(16)}` +
          `${entry.validated ? ', validated' : ''}${entry.immutable ? ', immutable' : ''}${entry.vmsa ? ', VMSA' : ''}`
        : 'owned by the hypervisor';
      machine.emit({ type: 'instruction', name: 'RMPREAD', result: 'SUCCESS', detail });
      return finish(machine, null);
    }),
  ],
});

export const hostFileWrite = procedure<FilePageLocals & { value: number | null }>({
  name: 'write by the host',
  source: 'arch/x86/mm/fault.c',
  about:
    'The host writes to a page of the file through its direct map, like a kernel that copies data into it.',
  locals: { name: '', offset: 0n, pfn: 0, value: null },
  steps: [
    step('HW1', FIND_PAGE, findPage),
    step(
      'HW2',
      'write: #PF with the RMP bit if the page, or another page of the same 2M mapping of the direct map, belongs to a guest',
      (machine, { pfn }) => hostWrites(machine, { start: pfn, end: pfn + 1 }),
    ),
    step('HW4', 'the write is done', (machine, { pfn, offset, value }) => {
      if (value !== null) {
        machine.state = writeValue(machine.state, { pfn, offset: offsetInPage(offset) }, value, NO_KEY);
      }
      return finish(machine, null);
    }),
  ],
});
