/** Further VMs of the same host. */
import type { VmType } from '../calls';
import { procedure, step } from '../procedure';
import { newVm } from '../state';
import { finish, reject } from './results';

export const createVm = procedure<{ type: VmType; vcpus: number }>({
  name: 'ioctl(KVM_CREATE_VM)',
  source: 'virt/kvm/kvm_main.c',
  about: 'The VMM creates another VM with its vCPUs; the following calls work on it.',
  locals: { type: 'default', vcpus: 1 },
  steps: [
    step(
      'CV1',
      'create it: no slots, every gfn shared; on SEV-SNP with an ASID of its own',
      (machine, { type, vcpus }) => {
        const { vms } = machine.state;
        machine.set({ vms: [...vms, newVm(vms.length, type, vcpus)] });
        return finish(machine, null);
      },
    ),
  ],
});

export const deadVm = procedure<Record<string, never>>({
  name: 'ioctl on a dead VM',
  source: 'virt/kvm/kvm_main.c',
  about: 'KVM refuses every ioctl on a dead VM.',
  locals: {},
  steps: [step('DV1', 'EIO for every request', (machine) => reject(machine, 'EIO', 'vm-dead'))],
});

export const switchVm = procedure<{ vm: number }>({
  name: 'another VM',
  source: 'the scenario',
  about: 'The following calls work on another VM.',
  locals: { vm: 0 },
  steps: [step('SV1', 'switch to the VM', (machine) => finish(machine, null))],
});
