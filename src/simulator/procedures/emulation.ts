/**
 * x86_emulate_instruction(): KVM makes the access of a guest itself. It looks the gfn up in the memslots of that moment, which
 * may be newer than those that the fault was handled with.
 */
import type { Machine } from '../machine';
import type { GuestOperation } from '../model/guest';
import { isInMmioCache } from '../model/mmio';
import { memoryOf, slotAt } from '../model/state-parts';
import { bytesOf, offsetInPage, pageOf } from '../units';
import type { HostAccess } from './host-memory';

/** What comes of it: an exit to userspace, an access to userspace memory, or an instruction fetch, of which nothing is simulated. */
export type Emulated = 'mmio' | 'internal-error' | 'fetched' | HostAccess;

interface Emulation {
  readonly vcpu: number;
  readonly gpa: bigint;
  readonly operation: GuestOperation;
}

/**
 * The instruction of a read or a write is at another gfn, and only the access is emulated. An instruction at a gfn without
 * a slot, or whose slot is being deleted, cannot be fetched: kvm_fetch_guest_virt() returns X86EMUL_IO_NEEDED, so decoding
 * fails, and handle_emulation_failure() exits with KVM_EXIT_INTERNAL_ERROR, because the guest is at CPL 0.
 */
export function emulate({ vm }: Machine, { vcpu, gpa, operation }: Emulation): Emulated {
  const gfn = pageOf(gpa);
  const found = slotAt(vm, gfn);
  const slot = found?.invalid === false ? found : undefined;
  if (operation.kind !== 'access') return 'mmio';
  const { access, value = null } = operation;
  if (access === 'exec') return slot === undefined ? 'internal-error' : 'fetched';
  if (slot === undefined || isInMmioCache(vm, vcpu, gfn) || memoryOf(vm, slot.id) === undefined)
    return 'mmio';
  if (access === 'write' && slot.readonly) return 'mmio';
  const offset = bytesOf(gfn - slot.baseGfn) + BigInt(offsetInPage(gpa));
  return { id: BigInt(slot.id), access, offset, value };
}
