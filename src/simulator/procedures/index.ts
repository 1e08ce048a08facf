/** All procedures by name, and which of them a call of the scenario begins with. */
import type { Call } from '../calls';
import { type AnyProcedure, type Control, call } from '../procedure';
import { setAttributes, setMemoryAttributes } from './attributes';
import { faultinPfn } from './faultin';
import { gmemCheckBinding, gmemEnterBinding, gmemUnbind } from './gmem-bind';
import {
  close,
  createGuestMemfd,
  fallocate,
  gmemAllocate,
  gmemCreate,
  gmemPunchHole,
  gmemRelease,
  truncate,
} from './gmem-file';
import { gmemInvalidateBegin, gmemInvalidateEnd } from './gmem-invalidate';
import { gmemGetPfn } from './gmem-pages';
import { handleMmFault, hostAccess, madvise, zapPageRange } from './host-memory';
import { archPrepareMemoryRegion, setMemslot, swapActiveMemslots } from './memslot-update';
import { flushShadowMemslot, zapAllFast } from './memslot-zap';
import { setMemoryRegion, setUserMemoryRegion } from './memslots';
import { mmuPageFault, npfInterception } from './nested-page-fault';
import { invalidateRangeEnd, invalidateRangeStart } from './notifier';
import { preFaultMemory, prefaultMemory } from './prefault';
import { tdpMmuMap } from './tdp-map';
import { tdpMmuPageFault } from './tdp-page-fault';
import { unmapGfnRange } from './unmap';
import { vcpuRun } from './vcpu-run';

const ALL = [
  createGuestMemfd,
  gmemCreate,
  fallocate,
  gmemAllocate,
  gmemPunchHole,
  gmemInvalidateBegin,
  gmemInvalidateEnd,
  truncate,
  close,
  gmemRelease,
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
];

export const PROCEDURES: ReadonlyMap<string, AnyProcedure> = new Map(
  // A procedure is only ever given the locals that it declares: those of its own `call`.
  ALL.map((spec) => [spec.name, spec as unknown as AnyProcedure]),
);

/** The system call, or the guest's or the VMM's access, that a call of the scenario is. */
export function entryOf(request: Call): Control & { do: 'call' } {
  switch (request.kind) {
    case 'gmem': {
      const { name, size, mmap, initShared } = request;
      return call(createGuestMemfd, { name, size, mmap, initShared });
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
      const { vcpu, access, gpa } = request;
      return call(vcpuRun, { vcpu, access, gpa });
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
    case 'discard': {
      const { id, offset, size } = request;
      return call(madvise, { id, offset, size });
    }
    case 'host': {
      const { id, access, offset } = request;
      return call(hostAccess, { id, access, offset });
    }
  }
}
