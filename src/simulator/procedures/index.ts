/** All procedures by name, and the procedure with which each call of a scenario begins. */
import type { Call, FaultCall } from '../calls';
import { isPrivate } from '../model/state-parts';
import { type AnyProcedure, type Control, call } from '../procedure';
import type { VmState } from '../state';
import { bytesOf, pageOf } from '../units';
import { hasProtectedState } from '../vm';
import { ioctlSetAttributes, setAttributes, setMemoryAttributes } from './attributes';
import { faultinPfn } from './faultin';
import { finalFput, runTaskWork } from './file-references';
import { gmemAllocate } from './gmem-allocate';
import { gmemCheckBinding, gmemEnterBinding, gmemUnbind } from './gmem-bind';
import { close, createGuestMemfd, fallocate, gmemCreate, gmemPunchHole, truncate } from './gmem-file';
import { gmemInvalidateBegin, gmemInvalidateEnd } from './gmem-invalidate';
import { gmemGetPfn } from './gmem-pages';
import { gmemPopulate } from './gmem-populate';
import { gmemRelease } from './gmem-release';
import { truncateInodePages } from './gmem-truncate';
import { handleMmFault, hostAccess, madvise, zapPageRange } from './host-memory';
import { mapGpaRangeExit } from './map-gpa-range';
import { gmemErrorFolio, memoryFailure } from './memory-failure';
import { archPrepareMemoryRegion, setMemslot, swapActiveMemslots } from './memslot-update';
import { flushShadowMemslot, zapAllFast } from './memslot-zap';
import { setMemoryRegion, setUserMemoryRegion } from './memslots';
import { mmuPageFault, npfInterception } from './nested-page-fault';
import { invalidateRangeEnd, invalidateRangeStart } from './notifier';
import { conversionRequest, mapGpa, mapGpaRange, pageStateChange } from './page-state-change';
import { preFaultMemory, prefaultMemory } from './prefault';
import { sevHandleRmpFault, zapGfnRange } from './rmp-fault';
import { hostFileWrite, hostPsmash, hostRmpread, hostRmpupdate } from './rmp-host';
import { kernelRmpupdate } from './rmpupdate';
import { sevGmemInvalidate, sevGmemPrepare } from './sev-gmem';
import { launchFinish, launchUpdate } from './snp-launch';
import { tdpMmuMap } from './tdp-map';
import { tdpMmuPageFault } from './tdp-page-fault';
import { unmapGfnRange } from './unmap';
import { vcpuRun } from './vcpu-run';
import { createVm, deadVm, switchVm } from './vms';

const ALL = [
  createGuestMemfd,
  gmemCreate,
  fallocate,
  gmemAllocate,
  gmemPunchHole,
  truncateInodePages,
  gmemInvalidateBegin,
  gmemInvalidateEnd,
  truncate,
  close,
  finalFput,
  gmemRelease,
  runTaskWork,
  memoryFailure,
  gmemErrorFolio,
  setUserMemoryRegion,
  setMemoryRegion,
  gmemCheckBinding,
  gmemEnterBinding,
  gmemUnbind,
  setMemslot,
  archPrepareMemoryRegion,
  swapActiveMemslots,
  flushShadowMemslot,
  zapAllFast,
  unmapGfnRange,
  setMemoryAttributes,
  ioctlSetAttributes,
  setAttributes,
  vcpuRun,
  npfInterception,
  mmuPageFault,
  tdpMmuPageFault,
  faultinPfn,
  gmemGetPfn,
  tdpMmuMap,
  preFaultMemory,
  prefaultMemory,
  madvise,
  zapPageRange,
  hostAccess,
  handleMmFault,
  invalidateRangeStart,
  invalidateRangeEnd,
  sevGmemPrepare,
  sevGmemInvalidate,
  kernelRmpupdate,
  sevHandleRmpFault,
  zapGfnRange,
  launchUpdate,
  gmemPopulate,
  launchFinish,
  pageStateChange,
  mapGpa,
  mapGpaRange,
  mapGpaRangeExit,
  hostRmpupdate,
  hostPsmash,
  hostRmpread,
  hostFileWrite,
  createVm,
  deadVm,
  switchVm,
];

export const PROCEDURES: ReadonlyMap<string, AnyProcedure> = new Map(
  // A procedure gets only the locals that it declares, because `call` takes them from its spec.
  ALL.map((spec) => [spec.name, spec as unknown as AnyProcedure]),
);

/** Whether a call is an ioctl on a VM or its vCPUs, or an access by one: the others work on files and memory, or on the host. */
const NEEDS_VM: Readonly<Record<Call['kind'], boolean>> = {
  gmem: true,
  slot: true,
  delete: true,
  move: true,
  convert: true,
  fault: true,
  prefault: true,
  'launch-update': true,
  'launch-finish': true,
  psc: true,
  pvalidate: true,
  rmpadjust: true,
  rmpquery: true,
  accept: true,
  allocate: false,
  punch: false,
  truncate: false,
  close: false,
  poison: false,
  discard: false,
  host: false,
  'host-file-write': false,
  vm: false,
  switch: false,
  rmpupdate: false,
  psmash: false,
  rmpread: false,
};

/** The procedure with which a call of a scenario begins: a system call, or an access by the guest or the VMM. */
export function entryOf(vm: VmState, request: Call): Control & { do: 'call' } {
  return vm.dead && NEEDS_VM[request.kind] ? call(deadVm, {}) : entryOfLive(vm, request);
}

function entryOfLive(vm: VmState, request: Call): Control & { do: 'call' } {
  switch (request.kind) {
    case 'gmem': {
      const { name, size, mmap, initShared, huge } = request;
      return call(createGuestMemfd, { name, size, mmap, initShared, huge });
    }
    case 'slot': {
      const { id, gpa, size, gmem, readonly, thp } = request;
      return call(setUserMemoryRegion, { request: 'set', id, gpa, size, gmem, readonly, thp });
    }
    case 'delete':
      return call(setUserMemoryRegion, { request: 'delete', id: request.id });
    case 'move':
      return call(setUserMemoryRegion, { request: 'move', id: request.id, gpa: request.gpa });
    case 'convert': {
      const { gpa, size, to } = request;
      return call(setMemoryAttributes, { gpa, size, to });
    }
    case 'fault': {
      const { vcpu, access, gpa, vmpl = 0, value } = request;
      const meant = isPrivateAccess(vm, request);
      const what = { kind: 'access', access, private: meant } as const;
      return call(vcpuRun, { vcpu, gpa, vmpl, operation: value === undefined ? what : { ...what, value } });
    }
    case 'prefault': {
      const { vcpu, gpa, size } = request;
      return call(preFaultMemory, { vcpu, gpa, size });
    }
    case 'allocate':
    case 'punch': {
      const { kind, name, offset, size } = request;
      return call(fallocate, { mode: kind, name, offset, size });
    }
    case 'truncate':
      return call(truncate, { name: request.name, size: request.size });
    case 'close':
      return call(close, { name: request.name });
    case 'poison':
      return call(memoryFailure, { name: request.name, offset: request.offset });
    case 'discard': {
      const { id, offset, size } = request;
      return call(madvise, { id, offset, size });
    }
    case 'host': {
      const { id, access, offset, value = null } = request;
      return call(hostAccess, { id, access, offset, value });
    }
    case 'vm':
      return call(createVm, { type: request.type, vcpus: request.vcpus });
    case 'switch':
      return call(switchVm, { vm: request.vm });
    case 'launch-update': {
      const { gpa, size, type, source } = request;
      return call(launchUpdate, { gpa, size, type, source });
    }
    case 'launch-finish':
      return call(launchFinish, {});
    case 'psc': {
      const { vcpu, gpa, size, to, converts, later } = request;
      // A vCPU that cannot be entered asks for nothing.
      if (!vm.launched) return call(vcpuRun, { vcpu, gpa });
      return conversionRequest(vm.type, { vcpu, gpa, size, to, converts, later });
    }
    case 'pvalidate': {
      const { vcpu, gpa, vmpl, validate } = request;
      const operation = { kind: 'pvalidate', size: levelOf(request.size), validate } as const;
      return call(vcpuRun, { vcpu, gpa, vmpl, operation });
    }
    case 'rmpadjust': {
      const { kind, vcpu, gpa, vmpl, target, permissions, vmsa } = request;
      const operation = { kind, size: levelOf(request.size), target, permissions, vmsa };
      return call(vcpuRun, { vcpu, gpa, vmpl, operation });
    }
    case 'rmpquery': {
      const { kind, vcpu, gpa, vmpl, target } = request;
      return call(vcpuRun, { vcpu, gpa, vmpl, operation: { kind, target } });
    }
    case 'accept': {
      const { kind, vcpu, gpa } = request;
      return call(vcpuRun, { vcpu, gpa, operation: { kind, size: levelOf(request.size) } });
    }
    case 'rmpupdate': {
      const { name, offset, to } = request;
      return call(hostRmpupdate, { name, offset, level: levelOf(request.size), to });
    }
    case 'psmash':
      return call(hostPsmash, { name: request.name, offset: request.offset });
    case 'rmpread':
      return call(hostRmpread, { name: request.name, offset: request.offset });
    case 'host-file-write':
      return call(hostFileWrite, {
        name: request.name,
        offset: request.offset,
        value: request.value ?? null,
      });
  }
}

/** Level of the operand of an instruction: 4K or 2M. */
function levelOf(size: bigint): 1 | 2 {
  return size === bytesOf(512) ? 2 : 1;
}

/**
 * Whether the access is private: as the statement says, or else as the attribute of the gfn says. Instruction fetches are
 * always private: SEV-SNP guests fetch with the C-bit whatever their page tables say (Linux
 * Documentation/arch/x86/amd-memory-encryption.rst), and TDX guests can fetch only from private memory.
 */
function isPrivateAccess(vm: VmState, { access, gpa, private: said }: FaultCall): boolean {
  if (!hasProtectedState(vm.type)) return false;
  return access === 'exec' || (said ?? isPrivate(vm, pageOf(gpa)));
}
