/** The launch of an SNP guest: its first memory, and the registers of its vCPUs. */
import type { LaunchPageType } from '../calls';
import type { Errno } from '../errno';
import type { Machine } from '../machine';
import { takeFrames } from '../model/frames';
import { putVcpu, slotAt } from '../model/state-parts';
import { asidOf } from '../model/vms';
import { type Control, call, choose, goto, procedure, returns, step } from '../procedure';
import { firmwareAccepts, INITIAL_VMSA_GFN } from '../rmp/firmware';
import { bytesOf, isPageAligned, pageOf } from '../units';
import { taskWorkStep } from './file-references';
import { gmemPopulate, type Populated } from './gmem-populate';
import { slotsLock } from './locks';
import { finish, reject } from './results';
import { kernelRmpupdate } from './rmpupdate';

interface LaunchUpdateLocals {
  gpa: bigint;
  size: bigint;
  type: LaunchPageType;
  source: bigint | null;
  populated: Populated | null;
}

/** The call failed; `left` is the number of bytes that neither this call nor the earlier ones processed. */
function failed(machine: Machine, { size }: LaunchUpdateLocals, errno: Errno): Control {
  machine.emit({ type: 'return', result: errno, left: size });
  return returns();
}

/** Limit for the end of the range, in gfns; populate limits the range to the slot anyway. */
const FAR = 2 ** 52;

export const launchUpdate = procedure<LaunchUpdateLocals>({
  name: 'ioctl(KVM_SEV_SNP_LAUNCH_UPDATE)',
  source: 'arch/x86/kvm/svm/sev.c',
  about: 'The VMM adds initial memory to the guest, and repeats the call until nothing is left or it fails.',
  locals: { gpa: 0n, size: 0n, type: 'normal', source: null, populated: null },
  steps: [
    step('L0', 'the VMM: the call takes a gfn, so EINVAL unless gpa is page aligned', (machine, { gpa }) =>
      isPageAligned(gpa) ? undefined : reject(machine, 'EINVAL', 'gpa-unaligned'),
    ),
    step(
      'L1',
      'ENOTTY if the host has no SEV, as one without an SEV-SNP guest so far; EINVAL if the VM is not an SEV-SNP guest',
      (machine) => {
        const { vm, state } = machine;
        if (vm.type === 'sev-snp') return undefined;
        // A TD has commands of its own: an unknown one is EINVAL (tdx_vm_ioctl).
        const hasCommands = vm.type === 'tdx' || state.vms.some(({ type }) => type === 'sev-snp');
        return reject(machine, hasCommands ? 'EINVAL' : 'ENOTTY', 'not-snp');
      },
    ),
    choose('gmem-populate', {
      'one-lock': [
        step('L2', 'EINVAL unless size is page aligned', (machine, { size }) =>
          isPageAligned(size) ? undefined : reject(machine, 'EINVAL', 'size-unaligned'),
        ),
      ],
      'lock-per-page': [
        step(
          'L2',
          'EINVAL if size is 0 or not page aligned; unless the type is ZERO, also if the contents are missing or not page aligned',
          (machine, { size, type, source }) => {
            if (size === 0n) return reject(machine, 'EINVAL', 'size-zero');
            if (!isPageAligned(size)) return reject(machine, 'EINVAL', 'size-unaligned');
            const wrong = type !== 'zero' && source !== null && (source === 0n || !isPageAligned(source));
            return wrong ? reject(machine, 'EINVAL', 'launch-source') : undefined;
          },
        ),
      ],
    }),
    step(
      'L3',
      'take slots_lock; EINVAL unless the gfn is in a slot with a guest_memfd',
      (machine, { gpa }) => {
        const slot = slotAt(machine.vm, pageOf(gpa));
        return slot?.gmem ? undefined : goto('L7');
      },
      { takes: slotsLock },
    ),
    step('L4', 'populate', (_, { gpa, size, type, source }) => {
      const gfn = pageOf(gpa);
      const end = Math.min(gfn + pageOf(size), FAR);
      return call(gmemPopulate, { gfn, end, type, source: source !== 0n }, 'populated');
    }),
    step('L6', 'drop slots_lock', () => undefined, { drops: slotsLock }),
    taskWorkStep('L6w'),
    step(
      'L5',
      'EIO if no page was processed, whatever the reason; otherwise gpa and size give the range that is left, and the VMM calls again',
      (machine, locals) => {
        const { pages, failure } = locals.populated ?? { pages: 0, failure: null };
        if (failure !== null) {
          machine.emit({ type: 'refused', reason: failure.reason, errno: 'EIO' });
          return failed(machine, locals, 'EIO');
        }
        locals.gpa += bytesOf(pages);
        locals.size -= bytesOf(pages);
        if (locals.source !== null && locals.source !== 0n) locals.source += bytesOf(pages);
        if (locals.size > 0n && pages > 0) return goto('L3');
        machine.emit({ type: 'return', result: 'ok', left: locals.size });
        return returns();
      },
    ),
    step(
      'L7',
      'drop slots_lock; EINVAL',
      (machine, locals) => {
        machine.emit({ type: 'refused', reason: 'launch-needs-gmem', errno: 'EINVAL' });
        return failed(machine, locals, 'EINVAL');
      },
      {
        drops: slotsLock,
      },
    ),
  ],
});

interface LaunchFinishLocals {
  vcpu: number;
  vmsa: number;
  errno: Errno | null;
}

/** Allocates a kernel page that is not 2 MiB aligned (snp_safe_alloc_page, because of an erratum). */
function takeSafePage(machine: Machine): number {
  const aligned = machine.state.next.frame % 512 === 0;
  const { state, pfn } = takeFrames(machine.state, aligned ? 2 : 1);
  machine.state = state;
  return aligned ? pfn + 1 : pfn;
}

export const launchFinish = procedure<LaunchFinishLocals>({
  name: 'ioctl(KVM_SEV_SNP_LAUNCH_FINISH)',
  source: 'arch/x86/kvm/svm/sev.c',
  about: 'The measurement is complete: vCPUs may run, and prefault is allowed.',
  locals: { vcpu: 0, vmsa: 0, errno: null },
  steps: [
    step('LF1', 'ENOTTY if the VM is not an SEV-SNP guest', (machine) =>
      machine.vm.type === 'sev-snp' ? undefined : reject(machine, 'ENOTTY', 'not-snp'),
    ),
    step(
      'LF2',
      'EINVAL after the launch is finished: the registers of the first vCPU are encrypted already (sev_es_sync_vmsa)',
      (machine) => (machine.vm.launched ? reject(machine, 'EINVAL', 'registers-encrypted') : undefined),
    ),
    step(
      'LF3',
      'the registers of the next vCPU, in a page of the kernel: rmp_make_private as 4K, immutable; if no vCPU is left, go to LF6',
      (machine, locals) => {
        if (locals.vcpu >= machine.vm.vcpus.length) return goto('LF6');
        locals.vmsa = takeSafePage(machine);
        const to = { gfn: INITIAL_VMSA_GFN, asid: asidOf(machine.vmId), immutable: true };
        return call(kernelRmpupdate, { start: locals.vmsa, end: locals.vmsa + 1, level: 1, to }, 'errno');
      },
    ),
    step(
      'LF4',
      'firmware SNP_LAUNCH_UPDATE: encrypts and measures them, sets validated and VMSA, clears immutable; go to LF3',
      (machine, locals) => {
        const { vcpu, vmsa } = locals;
        const pages = { start: vmsa, end: vmsa + 1 };
        machine.set({ rmp: firmwareAccepts(machine.state.rmp, pages, true) });
        machine.vm = putVcpu(machine.vm, vcpu, { vmsa });
        locals.vcpu++;
        return goto('LF3');
      },
    ),
    step('LF6', 'firmware SNP_LAUNCH_FINISH; prefault is allowed from now on', (machine) => {
      machine.setVm({ launched: true });
      return finish(machine, null);
    }),
  ],
});
