/** A guest's request to convert memory, and the VMM that carries it out. */
import type { Errno } from '../errno';
import { call, procedure, step } from '../procedure';
import { setMemoryAttributes } from './attributes';
import { finish, reject } from './results';

export const pageStateChange = procedure<{
  vcpu: number;
  gpa: bigint;
  size: bigint;
  to: 'private' | 'shared';
  result: Errno | null;
}>({
  name: 'snp_begin_psc',
  source: 'arch/x86/kvm/svm/sev.c',
  about: 'VMGEXIT: the guest asks for pages to be private or shared. KVM leaves that to the VMM.',
  locals: { vcpu: 0, gpa: 0n, size: 0n, to: 'private', result: null },
  steps: [
    step('PS1', 'EINVAL for a guest that has no such request, or is not launched', (machine) => {
      if (machine.state.vm !== 'sev-snp') return reject(machine, 'EINVAL', 'not-snp');
      return machine.state.launched ? undefined : reject(machine, 'EINVAL', 'run-before-launch');
    }),
    step(
      'PS2',
      'exit to userspace: KVM_EXIT_HYPERCALL with KVM_HC_MAP_GPA_RANGE',
      (machine, { vcpu, gpa, size, to }) => {
        machine.emit({ type: 'exit', vcpu, reason: 'hypercall', private: to === 'private', gpa, size });
        return undefined;
      },
    ),
    step('PS3', 'the VMM: set the attributes, then enter the guest again', (_, { gpa, size, to }) =>
      call(setMemoryAttributes, { gpa, size, to }),
    ),
    step('PS4', 'the guest goes on; the RMP is as it was', (machine, { result }) => finish(machine, result)),
  ],
});
