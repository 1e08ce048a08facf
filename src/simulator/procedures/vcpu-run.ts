/** KVM_RUN: a vCPU enters the guest, which makes one access. */
import type { Machine } from '../machine';
import type { FaultCause } from '../model/error-code';
import { leafAt, markAccessed } from '../model/page-table';
import { loadRoot, validRoot } from '../model/roots';
import { putRoot, putVcpu, vcpuOf } from '../model/state-parts';
import { call, goto, procedure, step } from '../procedure';
import { bytesOf, PAGE_SIZE, pageOf } from '../units';
import { srcu } from './locks';
import { type Handled, npfInterception } from './nested-page-fault';
import { finish } from './results';

interface RunLocals {
  vcpu: number;
  access: 'read' | 'write';
  gpa: bigint;
  fault: FaultCause | null;
  handled: Handled;
}

/** The access through the page tables: done, or what the CPU finds wrong. */
function access(machine: Machine, { vcpu, access: kind, gpa }: RunLocals): FaultCause | null {
  const root = validRoot(machine.state, vcpu);
  const gfn = pageOf(gpa);
  const leaf = root === undefined || gfn >= machine.kernel.gfnLimit ? undefined : leafAt(root, gfn)?.value;
  const write = kind === 'write';
  if (root === undefined || leaf === undefined) return { write, present: false, rsvd: false };
  if (leaf.kind === 'mmio') return { write, present: false, rsvd: true };
  if (write && !leaf.writable) return { write, present: true, rsvd: false };
  machine.state = putRoot(machine.state, markAccessed(root, gfn, write));
  return null;
}

export const vcpuRun = procedure<RunLocals>({
  name: 'ioctl(KVM_RUN)',
  source: 'arch/x86/kvm/x86.c',
  about: 'The guest reads or writes four bytes, and then halts.',
  locals: { vcpu: 0, access: 'read', gpa: 0n, fault: null, handled: 'enter' },
  steps: [
    step(
      'VR1',
      'forget the last exit; enter the SRCU section that keeps the memslots',
      (machine, { vcpu }) => {
        machine.state = putVcpu(machine.state, vcpu, { memoryFault: null });
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
        if (validRoot(machine.state, locals.vcpu) === undefined) {
          machine.state = loadRoot(machine.state, locals.vcpu);
        }
        return undefined;
      },
    ),
    step('VR3', 'leave SRCU, enter the guest', () => undefined, { drops: srcu }),
    step(
      'VR4',
      'the guest makes its access: done, it halts (VR7); else a nested page fault ends guest mode',
      (machine, locals) => {
        locals.fault = access(machine, locals);
        return locals.fault === null ? goto('VR7') : undefined;
      },
    ),
    step(
      'VR4x',
      'enter SRCU again; handle the fault',
      (_, { vcpu, gpa, fault }) => call(npfInterception, { vcpu, gpa, ...fault }, 'handled'),
      { takes: srcu },
    ),
    step(
      'VR5',
      'the fault was handled: enter the guest again (VR2), or return to userspace',
      (_, { handled }) => (handled === 'enter' ? goto('VR2') : undefined),
    ),
    step('VR6', 'leave SRCU', () => undefined, { drops: srcu }),
    step(
      'VR7',
      'return, with what userspace has to know about the exit',
      (machine, { vcpu, handled, gpa, access: kind }) => {
        if (handled === 'enter') return finish(machine, null);
        if (handled === 'mmio') {
          machine.emit({ type: 'exit', vcpu, reason: 'mmio', gpa, write: kind === 'write' });
          return finish(machine, null);
        }
        const exit = vcpuOf(machine.state, vcpu).memoryFault;
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
      },
    ),
  ],
});
