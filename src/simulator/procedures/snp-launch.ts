/** Filling an SNP guest's memory before it runs. */
import type { Errno } from '../errno';
import type { Machine } from '../machine';
import { allocatePages } from '../model/file-pages';
import { fileById, isPrivate, putFile, slotAt } from '../model/state-parts';
import { asidOf } from '../model/vms';
import { call, goto, procedure, returns, step } from '../procedure';
import { extentAt, touching, update, valueAt } from '../ranges';
import { makePrivate } from '../rmp/pages';
import { bytesOf, isPageAligned, pageOf, U64 } from '../units';
import { invalidateLock, slotsLock } from './locks';
import { finish, refuse, reject } from './results';
import { applyRmp, someAssigned } from './rmp-pages';

interface PopulateLocals {
  gfn: number;
  end: number;
  file: number;
  /** First gfn that is not done. */
  at: number;
  errno: Errno | null;
}

/** What kvm_gmem_populate() returns: how many pages, or why none. */
interface Populated {
  readonly pages: number;
  readonly errno: Errno | null;
}

/** End of the gfns from `at` on that are alike: private, and none of them there or all. */
function alike(machine: Machine, { at, end, file }: PopulateLocals, toIndex: number): number {
  const { privateGfns } = machine.state;
  const same = extentAt(privateGfns, at)?.end ?? touching(privateGfns, at, end)[0]?.start ?? end;
  const { cache } = fileById(machine.state, file);
  const index = at + toIndex;
  const pages =
    extentAt(cache, index)?.end ?? touching(cache, index, end + toIndex)[0]?.start ?? end + toIndex;
  return Math.min(end, same, pages - toIndex);
}

export const gmemPopulate = procedure<PopulateLocals>({
  name: 'kvm_gmem_populate',
  source: 'virt/kvm/guest_memfd.c',
  about: 'Brings private pages in, copies their contents, and has the firmware encrypt and measure them.',
  locals: { gfn: 0, end: 0, file: 0, at: 0, errno: null },
  steps: [
    step(
      'PO4',
      'take the invalidate lock',
      (_, locals) => {
        locals.at = locals.gfn;
        return undefined;
      },
      { takes: invalidateLock('write') },
    ),
    step(
      'PO6',
      'page after page: EINVAL if it is not private, EEXIST if the RMP has it assigned; copy, assign, LAUNCH_UPDATE',
      (machine, locals) => {
        const slot = slotAt(machine.state, locals.at);
        if (locals.at >= locals.end || slot?.gmem?.file !== locals.file) return goto('PO7');
        const toIndex = slot.gmem.pgoff - slot.baseGfn;
        const stop = alike(machine, locals, toIndex);
        if (!isPrivate(machine.state, locals.at)) {
          refuse(machine, 'EINVAL', 'launch-needs-private');
          locals.errno = 'EINVAL';
          return goto('PO7');
        }
        const range = { start: locals.at + toIndex, end: stop + toIndex };
        const { state, came } = allocatePages(machine.state, locals.file, range);
        machine.state = state;
        const file = fileById(state, locals.file);
        for (const { start, end } of came)
          machine.emit({ type: 'gmem-allocated', file: file.name, start, end });
        const frame = valueAt(file.cache, range.start)?.frame ?? 0;
        const pfns = { start: range.start + frame, end: range.end + frame };
        if (someAssigned(machine, pfns)) {
          refuse(machine, 'EEXIST', 'rmp-assigned');
          locals.errno = 'EEXIST';
          return goto('PO7');
        }
        const owner = { gfn: locals.at, level: 1, asid: asidOf(state), validated: true } as const;
        applyRmp(machine, makePrivate(state.rmp, pfns, owner));
        const cache = update(file.cache, range.start, range.end, (pages) => ({ ...pages, uptodate: true }));
        machine.state = putFile(machine.state, { ...file, cache });
        locals.at = stop;
        return stop < locals.end ? goto('PO6') : undefined;
      },
    ),
    step(
      'PO7',
      'drop the invalidate lock; return how many pages were done, or the errno if none was',
      (_, { at, gfn, errno }) =>
        returns({ pages: at - gfn, errno: at > gfn ? null : errno } satisfies Populated),
      { drops: invalidateLock('write') },
    ),
  ],
});

interface LaunchUpdateLocals {
  gpa: bigint;
  size: bigint;
  populated: Populated | null;
}

export const launchUpdate = procedure<LaunchUpdateLocals>({
  name: 'ioctl(KVM_SEV_SNP_LAUNCH_UPDATE)',
  source: 'arch/x86/kvm/svm/sev.c',
  about: 'The VMM gives the guest its first memory, and calls again until nothing is left or the call fails.',
  locals: { gpa: 0n, size: 0n, populated: null },
  steps: [
    step('L1', 'EINVAL if the VM is no SEV-SNP guest, or its launch is finished', (machine) => {
      if (machine.state.vm !== 'sev-snp') return reject(machine, 'EINVAL', 'not-snp');
      return machine.state.launched ? reject(machine, 'EINVAL', 'launch-done') : undefined;
    }),
    step('L2', 'EINVAL unless gpa and size are page aligned', (machine, { gpa, size }) => {
      if (!isPageAligned(gpa)) return reject(machine, 'EINVAL', 'gpa-unaligned');
      if (!isPageAligned(size)) return reject(machine, 'EINVAL', 'size-unaligned');
      return gpa + size >= U64 ? reject(machine, 'EINVAL', 'range-wraps') : undefined;
    }),
    step(
      'L3',
      'take slots_lock; EINVAL unless the gfn is in a slot with a guest_memfd',
      (machine, { gpa }) => {
        const slot = slotAt(machine.state, pageOf(gpa));
        return slot?.gmem ? undefined : goto('L7');
      },
      { takes: slotsLock },
    ),
    step('L4', 'populate, up to the end of the slot', (machine, locals) => {
      const gfn = pageOf(locals.gpa);
      const slot = slotAt(machine.state, gfn);
      if (!slot?.gmem || slot.gmem.file === null) return goto('L7');
      const end = Math.min(gfn + pageOf(locals.size), slot.baseGfn + slot.pages);
      return call(gmemPopulate, { gfn, end, file: slot.gmem.file }, 'populated');
    }),
    step('L6', 'drop slots_lock', () => undefined, { drops: slotsLock }),
    step(
      'L5',
      'EIO if no page was done; else gpa and size say what is left, and the VMM calls again',
      (machine, locals) => {
        const { pages, errno } = locals.populated ?? { pages: 0, errno: 'EIO' };
        if (errno !== null) {
          machine.emit({ type: 'return', result: 'EIO', left: locals.size });
          return returns();
        }
        locals.gpa += bytesOf(pages);
        locals.size -= bytesOf(pages);
        if (locals.size > 0n && pages > 0) return goto('L3');
        machine.emit({ type: 'return', result: 'ok', left: locals.size });
        return returns();
      },
    ),
    step('L7', 'drop slots_lock; EINVAL', (machine) => reject(machine, 'EINVAL', 'launch-needs-gmem'), {
      drops: slotsLock,
    }),
  ],
});

export const launchFinish = procedure<Record<string, never>>({
  name: 'ioctl(KVM_SEV_SNP_LAUNCH_FINISH)',
  source: 'arch/x86/kvm/svm/sev.c',
  about: 'The measurement is complete: vCPUs may run, and prefault is allowed.',
  locals: {},
  steps: [
    step(
      'LF1',
      'EINVAL if the VM is no SEV-SNP guest, or its launch is finished; else finish it',
      (machine) => {
        if (machine.state.vm !== 'sev-snp') return reject(machine, 'EINVAL', 'not-snp');
        if (machine.state.launched) return reject(machine, 'EINVAL', 'launch-done');
        machine.set({ launched: true });
        return finish(machine, null);
      },
    ),
  ],
});
