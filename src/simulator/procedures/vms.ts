/** Further VMs of the same host. */
import type { VmType } from '../calls';
import { procedure, step } from '../procedure';
import { newVm } from '../state';
import { finish, reject } from './results';

export const createVm = procedure<{ type: VmType; vcpus: number }>({
  name: 'ioctl(KVM_CREATE_VM)',
  source: 'virt/kvm/kvm_main.c',
  about: 'The VMM creates another VM with its vCPUs; the calls that follow are for it.',
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
  about: 'A VM that KVM gave up serves no call of its VMM any more.',
  locals: {},
  steps: [step('DV1', 'EIO, whatever is asked', (machine) => reject(machine, 'EIO', 'vm-dead'))],
});

export const switchVm = procedure<{ vm: number }>({
  name: 'another VM',
  source: 'the scenario',
  about: 'The calls that follow are for another VM.',
  locals: { vm: 0 },
  steps: [step('SV1', 'go on with the VM', (machine) => finish(machine, null))],
});
