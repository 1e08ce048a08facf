/**
 * KVM_PRE_FAULT_MEMORY: maps guest memory before a vCPU touches it. PF4a and PF4h are the loop over pages
 * (kvm_vcpu_pre_fault_memory); PF4b to PF4p run once for a page (kvm_arch_vcpu_pre_fault_memory); PF4s to PF4g are the
 * loop over its attempts (kvm_tdp_page_prefault in arch/x86/kvm/mmu/mmu.c, kvm_tdp_map_page on 6.12). A retry does not
 * leave the inner loop.
 */
import type { Errno } from '../errno';
import type { Machine } from '../machine';
import { loadRoot, rootKind, validRoot } from '../model/roots';
import { isPrivate, slotAt, vcpuOf } from '../model/state-parts';
import { uniformRun } from '../model/uniform-run';
import { type Control, call, choose, goto, procedure, returns, type Step, step } from '../procedure';
import type { Range } from '../ranges';
import type { Root, VmState } from '../state';
import { bytesOf, isPageAligned, PAGE_SIZE, pageOf, roundUp, U64 } from '../units';
import { gfnLimitOf, hasPrivateMemory } from '../vm';
import { taskWorkStep } from './file-references';
import { togetherUntil } from './host-write';
import { srcu } from './locks';
import { type FaultResult, NO_FAULT } from './page-fault';
import { tdpMmuPageFault } from './tdp-page-fault';
import { warnOnce } from './warn';

interface PrefaultLocals {
  vcpu: number;
  gpa: bigint;
  size: bigint;
  /** Whether the page is private: decided once, before the first attempt to map it. */
  private: boolean;
  /** End of the gfns of the current fault. */
  end: number;
  fault: FaultResult | null;
  progress: boolean;
  errno: Errno | null;
}

/** The errno of one call of the ioctl, and the range that it left. */
interface PrefaultOutcome {
  readonly errno: Errno | null;
  readonly gpa: bigint;
  readonly size: bigint;
}

function stop(locals: PrefaultLocals, errno: Errno): Control {
  locals.errno = errno;
  return goto('PF5');
}

/** KVM does not expect EIO here, and warns. */
function stopWithEio(machine: Machine, locals: PrefaultLocals): Control {
  warnOnce(machine, 'WARN_ON_ONCE: a prefault failed with EIO');
  return stop(locals, 'EIO');
}

function reload(machine: Machine, { vcpu }: PrefaultLocals): undefined {
  if (validRoot(machine.vm, vcpu) === undefined) machine.state = loadRoot(machine.state, machine.vmId, vcpu);
  return undefined;
}

/** A step that faults on the page, in the root that `walked` returns for a private or a shared gfn. */
function faultStep(
  text: string,
  walked: (vm: VmState, isPrivate: boolean) => Root['kind'],
): Step<PrefaultLocals> {
  return step('PF4f', text, (machine, locals) => {
    const { vcpu } = locals;
    const gfn = pageOf(locals.gpa);
    const root = walked(machine.vm, locals.private);
    const limit = Math.min(pageOf(locals.gpa + locals.size), Math.max(machine.kernel.gfnLimit, gfn + 1));
    const together = (pfns: Range) => togetherUntil(machine, pfns);
    locals.end = uniformRun(
      machine.state,
      machine.vm,
      validRoot(machine.vm, vcpu, root),
      gfn,
      limit,
      together,
    );
    const memslot = slotAt(machine.vm, gfn) ?? null;
    const { end, private: isPrivate } = locals;
    const fault = { ...NO_FAULT, vcpu, gfn, end, private: isPrivate, prefetch: true, root, memslot };
    return call(tdpMmuPageFault, fault, 'fault');
  });
}

export const prefaultMemory = procedure<PrefaultLocals>({
  name: 'kvm_vcpu_pre_fault_memory',
  source: 'virt/kvm/kvm_main.c',
  about: 'Faults on the range page by page, as if the guest read it.',
  locals: {
    ...{ vcpu: 0, gpa: 0n, size: 0n, private: false, end: 0 },
    ...{ fault: null, progress: false, errno: null },
  },
  steps: [
    step('PF3', 'enter the SRCU section that protects the memslots, for the whole loop', () => undefined, {
      takes: srcu,
    }),
    step('PF4a', 'EINTR if a signal is pending', (machine, locals) =>
      machine.task.signal ? stop(locals, 'EINTR') : undefined,
    ),
    choose('prefault-before-launch', {
      refused: [
        step('PF4b', 'EOPNOTSUPP before the launch of the guest is finished', (machine, locals) => {
          if (machine.vm.launched) return undefined;
          machine.emit({ type: 'refused', reason: 'prefault-before-launch', errno: 'EOPNOTSUPP' });
          return stop(locals, 'EOPNOTSUPP');
        }),
      ],
      allowed: [],
    }),
    step('PF4d', 'EINVAL for an address with the shared bit of TDX', (machine, locals) => {
      const { type } = machine.vm;
      if (type !== 'tdx' || pageOf(locals.gpa) < gfnLimitOf(type, Number.POSITIVE_INFINITY)) return undefined;
      machine.emit({ type: 'refused', reason: 'shared-bit', errno: 'EINVAL' });
      return stop(locals, 'EINVAL');
    }),
    choose('prefault-root', {
      keep: [
        step('PF4c', 'load a root if the vCPU has none; an obsolete one is kept', (machine, locals) =>
          vcpuOf(machine.vm, locals.vcpu).root === null ? reload(machine, locals) : undefined,
        ),
      ],
      reload: [
        step('PF4c', 'load a root if the vCPU has none or an obsolete one: once, before the retries', reload),
      ],
      'each-attempt': [],
    }),
    step(
      'PF4p',
      'the next page is private if its attribute is private now; a later change of the attribute has no effect',
      (machine, locals) => {
        locals.private = hasPrivateMemory(machine.vm.type) && isPrivate(machine.vm, pageOf(locals.gpa));
        return undefined;
      },
    ),
    step('PF4s', 'EINTR if a signal is pending', (machine, locals) =>
      machine.task.signal ? stop(locals, 'EINTR') : undefined,
    ),
    step('PF4v', 'EIO if the VM is dead, with a WARN_ON_ONCE', (machine, locals) =>
      machine.vm.dead ? stopWithEio(machine, locals) : undefined,
    ),
    choose('prefault-root', {
      keep: [],
      reload: [],
      'each-attempt': [
        step('PF4r', 'load a root if the vCPU has none or an obsolete one: at each attempt', reload),
      ],
    }),
    choose('prefault-shared-root', {
      direct: [
        faultStep(
          'look up the slot and fault on the page, as a read; pages that behave alike are handled together',
          rootKind,
        ),
      ],
      mirror: [
        faultStep(
          'look up the slot and fault on the page, as a read, in the root for addresses without the shared bit of TDX; pages that behave alike are handled together',
          (vm) => rootKind(vm, true),
        ),
      ],
    }),
    step(
      'PF4g',
      'retry: go to PF4s; a hole: ENOENT; an errno: stop with it, and WARN_ON_ONCE for EIO',
      (machine, locals) => {
        const ret = locals.fault?.ret;
        switch (ret) {
          case 'FIXED':
          case 'SPURIOUS':
            return undefined;
          case 'RETRY':
          case undefined:
            return goto('PF4s');
          case 'EMULATE':
            return stop(locals, 'ENOENT');
          case 'EIO':
            return stopWithEio(machine, locals);
          default:
            return stop(locals, ret);
        }
      },
    ),
    step('PF4h', 'continue after what was mapped, at its level, until nothing is left', (_, locals) => {
      const behind = bytesOf(roundUp(locals.end, locals.fault?.goal ?? 1)) - locals.gpa;
      const done = behind < locals.size ? behind : locals.size;
      locals.gpa += done;
      locals.size -= done;
      locals.progress = true;
      return locals.size > 0n ? goto('PF4a') : undefined;
    }),
    step(
      'PF5',
      'leave SRCU; return 0 if anything was mapped, otherwise the errno; gpa and size give the range that is left',
      (_, { errno, progress, gpa, size }) =>
        returns({ errno: progress ? null : errno, gpa, size } satisfies PrefaultOutcome),
      { drops: srcu },
    ),
  ],
});

export const preFaultMemory = procedure<{
  vcpu: number;
  gpa: bigint;
  size: bigint;
  outcome: PrefaultOutcome | null;
}>({
  name: 'ioctl(KVM_PRE_FAULT_MEMORY)',
  source: 'virt/kvm/kvm_main.c',
  about: 'The VMM maps memory in advance, and repeats the call until nothing is left or it fails.',
  locals: { vcpu: 0, gpa: 0n, size: 0n, outcome: null },
  steps: [
    step(
      'PF2',
      'EINVAL unless gpa and size are page aligned, and gpa + size is above gpa',
      (machine, { gpa, size }) => {
        const unaligned = !isPageAligned(gpa)
          ? 'gpa-unaligned'
          : isPageAligned(size)
            ? null
            : 'size-unaligned';
        const reason = unaligned ?? (size === 0n ? 'size-zero' : gpa + size >= U64 ? 'range-wraps' : null);
        if (reason === null) return undefined;
        machine.emit({ type: 'refused', reason, errno: 'EINVAL' });
        machine.emit({ type: 'return', result: 'EINVAL', left: size });
        return returns();
      },
    ),
    step('PF2c', 'prefault', (_, { vcpu, gpa, size }) =>
      call(prefaultMemory, { vcpu, gpa, size }, 'outcome'),
    ),
    taskWorkStep('PF5w'),
    step(
      'PF6',
      'the call returned; if it was 0 with bytes left, the VMM calls again',
      (machine, locals) => {
        const { errno, gpa, size } = locals.outcome ?? { errno: null, gpa: 0n, size: 0n };
        locals.gpa = gpa;
        locals.size = size;
        if (errno === null && size >= PAGE_SIZE) return goto('PF2');
        machine.emit({ type: 'return', result: errno ?? 'ok', left: size });
        return returns();
      },
      { userspace: true },
    ),
  ],
});
