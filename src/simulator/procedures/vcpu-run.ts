/** KVM_RUN: a vCPU enters the guest, which makes one access or executes one instruction on the RMP. */
import type { Machine } from '../machine';
import { type FaultCause, NO_CAUSE } from '../model/error-code';
import { type Attempt, attempt, type GuestOperation } from '../model/guest';
import { loadRoot, validRoot } from '../model/roots';
import { putVcpu, vcpuOf } from '../model/state-parts';
import { call, goto, procedure, step } from '../procedure';
import { bytesOf, PAGE_SIZE, pageOf } from '../units';
import { emulate } from './emulation';
import { hasTaskWork, runTaskWork } from './file-references';
import { type HostAccess, handleMmFault, touch } from './host-memory';
import { srcu } from './locks';
import { type Handled, npfInterception } from './nested-page-fault';
import { finish } from './results';

interface RunLocals {
  vcpu: number;
  gpa: bigint;
  operation: GuestOperation;
  /** Privilege level at which it runs, on SEV-SNP. */
  vmpl: number;
  fault: FaultCause | null;
  handled: Handled | 'fail-entry' | 'internal-error';
  /** The access that KVM emulates on userspace memory. */
  emulated: HostAccess | null;
}

/** Reports what the guest did without KVM: an exception that it handles, or the result of an instruction or a read. */
function tell(machine: Machine, { vcpu }: RunLocals, { exception, instruction, read }: Attempt): void {
  if (exception !== null) machine.emit({ type: 'guest-exception', vcpu, ...exception });
  if (instruction !== null) machine.emit({ type: 'instruction', ...instruction });
  if (read !== null) machine.emit(read);
}

export const vcpuRun = procedure<RunLocals>({
  name: 'ioctl(KVM_RUN)',
  source: 'arch/x86/kvm/x86.c',
  about: 'The guest reads, writes or executes four bytes, or executes an instruction, and then halts.',
  locals: {
    vcpu: 0,
    gpa: 0n,
    operation: { kind: 'access', access: 'read', private: false },
    vmpl: 0,
    fault: null,
    handled: 'enter',
    emulated: null,
  },
  steps: [
    step(
      'VR1',
      'clear the last exit; enter the SRCU section that protects the memslots',
      (machine, { vcpu }) => {
        machine.vm = putVcpu(machine.vm, vcpu, { memoryFault: null });
        return undefined;
      },
      { takes: srcu },
    ),
    step(
      'VR2',
      'EINTR if a signal is pending (VR6); load a root if there is none or it is obsolete',
      (machine, locals) => {
        if (machine.task.signal) {
          locals.handled = 'EINTR';
          return goto('VR6');
        }
        if (validRoot(machine.vm, locals.vcpu) === undefined) {
          machine.state = loadRoot(machine.state, machine.vmId, locals.vcpu);
        }
        return undefined;
      },
    ),
    step(
      'VR3',
      'leave SRCU, enter the guest (VMRUN); before the launch is finished, the CPU refuses: KVM_EXIT_FAIL_ENTRY',
      (machine, locals) => {
        if (machine.vm.launched) return undefined;
        locals.handled = 'fail-entry';
        return goto('VR7');
      },
      { drops: srcu },
    ),
    step(
      'VR4',
      'the guest makes its access; without a nested page fault it halts (VR7), or its handler requests MMIO (VR4m)',
      (machine, locals) => {
        const { vcpu, gpa, operation, vmpl } = locals;
        const access = { vcpu, gpa, operation, vmpl, vmId: machine.vmId };
        const tried = attempt(machine.state, machine.kernel.gfnLimit, access);
        machine.state = tried.state;
        tell(machine, locals, tried);
        locals.fault = tried.fault;
        if (tried.exception?.why === 'mmio') return goto('VR4m');
        return locals.fault === null ? goto('VR7') : undefined;
      },
    ),
    step(
      'VR4x',
      'enter SRCU again; handle the fault',
      (_, { vcpu, gpa, fault }) => call(npfInterception, { vcpu, gpa, cause: fault ?? NO_CAUSE }, 'handled'),
      { takes: srcu },
    ),
    step(
      'VR5',
      'the fault was handled: enter the guest again (VR2), after task work (VR5u); emulate the access (VR5m); or return to userspace',
      (machine, { handled }) => {
        if (handled === 'mmio') return goto('VR5m');
        if (handled !== 'enter') return undefined;
        return goto(hasTaskWork(machine) ? 'VR5u' : 'VR2');
      },
    ),
    step('VR6', 'leave SRCU (VR6w)', () => goto('VR6w'), { drops: srcu }),
    step(
      'VR5m',
      'emulate the access with the memslots of now: MMIO if there is no slot, or it is being deleted or read-only, or the MMIO cache says so (VR6); otherwise fault in the userspace memory',
      (machine, locals) => {
        const emulated = emulate(machine, locals);
        if (typeof emulated === 'string') {
          locals.handled = emulated === 'fetched' ? 'enter' : emulated;
          return goto('VR6');
        }
        locals.emulated = emulated;
        const { id, access, offset } = emulated;
        const page = pageOf(offset);
        return call(handleMmFault, { memory: Number(id), page, end: page + 1, write: access === 'write' });
      },
    ),
    step(
      'VR5a',
      'access that memory, and continue behind the instruction (VR6); if the page was removed meanwhile, repeat (VR5m)',
      (machine, locals) => {
        const { emulated } = locals;
        if (emulated === null || !touch(machine, emulated)) return goto('VR5m');
        locals.handled = 'enter';
        return goto('VR6');
      },
    ),
    step('VR5u', 'leave SRCU', () => undefined, { drops: srcu }),
    step('VR5w', 'release the files whose last reference the fault dropped (task work)', () =>
      call(runTaskWork, {}),
    ),
    step('VR5e', 'enter SRCU again; enter the guest again (VR2)', () => goto('VR2'), { takes: srcu }),
    step(
      'VR6w',
      'if the fault dropped the last reference to a file, release the file (task work); go to VR7',
      (machine) => (hasTaskWork(machine) ? call(runTaskWork, {}) : goto('VR7')),
    ),
    step('VR6r', 'go to VR7', () => goto('VR7')),
    step(
      'VR4m',
      "the guest's handler requests MMIO (VMGEXIT, or TDG.VP.VMCALL on TDX): KVM_EXIT_MMIO",
      (_, locals) => {
        locals.handled = 'mmio';
        return undefined;
      },
    ),
    step('VR7', 'return, with the reason for the exit', (machine, { vcpu, handled, gpa, operation }) => {
      if (handled === 'enter') return finish(machine, null);
      if (handled === 'fail-entry' || handled === 'internal-error') {
        machine.emit({ type: 'exit', vcpu, reason: handled });
        return finish(machine, null);
      }
      if (handled === 'mmio') {
        const write = operation.kind === 'access' && operation.access === 'write';
        machine.emit({ type: 'exit', vcpu, reason: 'mmio', gpa, write });
        return finish(machine, null);
      }
      const exit = vcpuOf(machine.vm, vcpu).memoryFault;
      if (exit !== null) {
        machine.emit({
          type: 'exit',
          vcpu,
          reason: 'memory-fault',
          private: exit.private,
          gpa: bytesOf(exit.gfn),
          size: PAGE_SIZE,
        });
      }
      return finish(machine, handled);
    }),
  ],
});
