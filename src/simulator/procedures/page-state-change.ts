/** A guest's request to convert memory, as each type of VM makes it and as KVM passes it to the VMM. */
import type { VmType } from '../calls';
import type { MapGpaResult } from '../events';
import type { Machine } from '../machine';
import { PSC_ENTRIES, type PscRun, pscRun } from '../model/psc-entries';
import { type Control, call, goto, procedure, step } from '../procedure';
import { extentAt, touching } from '../ranges';
import { bytesOf, isPageAligned, pageOf, U64 } from '../units';
import { gfnLimitOf } from '../vm';
import { askVmm, NO_REQUEST, type Request, vmmAnswers } from './map-gpa-range';
import { finish, reject } from './results';

interface RequestLocals extends Request {
  /** Bytes that the current exits request together. */
  piece: bigint;
  /** Whether the VMM answered with an error. */
  failed: boolean;
}

/**
 * End of the gfns, from the start of the request, for which one exit or several have the same effect: the VMM treats them
 * alike, and they have one attribute now. (Converting gfns that already have the requested attribute does nothing.)
 */
function edgeOf({ vm }: Machine, { gpa, size, converts, later }: Request): number {
  const [start, end] = [pageOf(gpa), pageOf(gpa + size)];
  if (converts === 0n) return later ? end : start;
  const edge = extentAt(vm.privateGfns, start)?.end ?? touching(vm.privateGfns, start, end)[0]?.start ?? end;
  return Math.min(edge, end, converts === null ? end : pageOf(gpa + converts));
}

/** Continues with the rest of the request, after the current piece. */
function goOn(locals: RequestLocals): void {
  locals.gpa += locals.piece;
  locals.size -= locals.piece;
}

interface PscLocals extends RequestLocals {
  /** Free entries of the buffer. */
  room: number;
  run: PscRun | null;
}

export const pageStateChange = procedure<PscLocals>({
  name: 'snp_begin_psc',
  source: 'arch/x86/kvm/svm/sev.c',
  about:
    'VMGEXIT with a page state change: the guest requests that pages become private or shared. KVM passes the request to the VMM.',
  locals: { ...NO_REQUEST, piece: 0n, failed: false, room: PSC_ENTRIES, run: null },
  steps: [
    step(
      'PS1',
      'the guest: EINVAL unless gpa and size are page aligned and size is not 0',
      (machine, { gpa, size }) => {
        if (size === 0n) return reject(machine, 'EINVAL', 'size-zero');
        if (!isPageAligned(gpa)) return reject(machine, 'EINVAL', 'gpa-unaligned');
        return isPageAligned(size) ? undefined : reject(machine, 'EINVAL', 'size-unaligned');
      },
    ),
    step(
      'PS1g',
      'the guest: VMGEXIT with a buffer of up to 253 entries: 2M where the range contains an aligned 2M, otherwise 4K (__set_pages_state)',
      (_, locals) => {
        locals.room = PSC_ENTRIES;
        return undefined;
      },
    ),
    step(
      'PS2',
      'exit to userspace: KVM_EXIT_HYPERCALL with KVM_HC_MAP_GPA_RANGE, for the next consecutive entries of one size',
      (machine, locals) => {
        const range = { start: pageOf(locals.gpa), end: pageOf(locals.gpa + locals.size) };
        const run = pscRun(range, locals.room, edgeOf(machine, locals));
        locals.run = run;
        locals.piece = bytesOf(run.pages);
        askVmm(machine, locals, { size: locals.piece, pageSize: run.pageSize, times: run.times });
        return undefined;
      },
    ),
    step('PS3', 'the VMM answers, and enters the guest again', (_, locals) => vmmAnswers(locals)),
    step(
      'PS4',
      'if the VMM answered with an error, go to PS5; otherwise continue with the next entries (PS2) or the next buffer (PS1g)',
      (machine, locals) => {
        const { failed, run } = locals;
        if (failed) return goto('PS5');
        goOn(locals);
        locals.room = run?.room ?? 0;
        if (locals.size === 0n) return finish(machine, null);
        return goto(locals.room === 0 ? 'PS1g' : 'PS2');
      },
    ),
    step('PS5', 'the guest gets VMGEXIT_PSC_ERROR_GENERIC: its request failed', (machine) => {
      machine.emit({ type: 'instruction', name: 'PSC', result: 'ERROR_GENERIC', detail: null });
      return finish(machine, null);
    }),
  ],
});

/** KVM_HC_MAP_GPA_RANGE of a guest without protected state. The guest and the VMM agree on what it means. */
export const mapGpaRange = procedure<RequestLocals>({
  name: 'kvm_emulate_hypercall',
  source: 'arch/x86/kvm/x86.c',
  about:
    'VMCALL or VMMCALL with KVM_HC_MAP_GPA_RANGE: the guest requests that pages become private or shared. KVM only requires KVM_CAP_EXIT_HYPERCALL, and passes the request to the VMM.',
  locals: { ...NO_REQUEST, piece: 0n, failed: false },
  steps: [
    step(
      'HC1',
      'EINVAL for the guest unless gpa is page aligned, and gpa + size is above gpa',
      (_, locals) => {
        const { gpa, size } = locals;
        if (isPageAligned(gpa) && isPageAligned(size) && size > 0n && gpa + size < U64) return undefined;
        locals.failed = true;
        return goto('HC4');
      },
    ),
    step('HC2', 'exit to userspace: KVM_EXIT_HYPERCALL, for the whole range', (machine, locals) => {
      locals.piece = locals.size;
      askVmm(machine, locals, { size: locals.piece, pageSize: 1, times: 1 });
      return undefined;
    }),
    step('HC3', 'the VMM answers, and enters the guest again', (_, locals) => vmmAnswers(locals)),
    step(
      'HC4',
      'the guest continues, with the answer in RAX (complete_hypercall_exit)',
      (machine, { failed }) => {
        if (failed) machine.emit({ type: 'instruction', name: 'VMMCALL', result: 'EINVAL', detail: null });
        return finish(machine, null);
      },
    ),
  ],
});

interface MapGpaLocals extends RequestLocals {
  /** The status that the guest gets. */
  status: MapGpaResult;
}

/** TDX_MAP_GPA_MAX_LEN: the maximum number of bytes per exit. */
const MOST_BYTES = 2n << 20n;

/** Bytes of the next pieces that can be handled together. */
function nextPieces(machine: Machine, locals: RequestLocals): bigint {
  const { gpa, size } = locals;
  const edge = edgeOf(machine, locals);
  if (edge >= pageOf(gpa + size)) return size;
  const same = bytesOf(edge) - gpa;
  return same < MOST_BYTES ? minimum(size, MOST_BYTES) : same - (same % MOST_BYTES);
}

/** TDG.VP.VMCALL<MapGPA>; `gpa` does not include the shared bit, which follows from `to`. */
export const mapGpa = procedure<MapGpaLocals>({
  name: 'tdx_map_gpa',
  source: 'arch/x86/kvm/vmx/tdx.c',
  about:
    'TDVMCALL<MapGPA>: the guest requests that pages become private or shared. KVM passes the request to the VMM, 2 MiB at a time.',
  locals: { ...NO_REQUEST, piece: 0n, failed: false, status: 'SUCCESS' },
  steps: [
    step(
      'MG1',
      'INVALID_OPERAND if the range is empty, wraps, or exceeds the addresses without the shared bit',
      (machine, locals) => {
        const { gpa, size } = locals;
        if (size > 0n && gpa + size <= bytesOf(gfnLimitOf('tdx', machine.kernel.gfnLimit))) return undefined;
        locals.status = 'INVALID_OPERAND';
        return goto('MG7');
      },
    ),
    step('MG2', 'ALIGN_ERROR unless gpa and size are page aligned', (_, locals) => {
      if (isPageAligned(locals.gpa) && isPageAligned(locals.size)) return undefined;
      locals.status = 'ALIGN_ERROR';
      return goto('MG7');
    }),
    step(
      'MG3',
      'exit to userspace: KVM_EXIT_HYPERCALL with KVM_HC_MAP_GPA_RANGE for the next 2 MiB; pieces that behave alike are handled together',
      (machine, locals) => {
        locals.piece = nextPieces(machine, locals);
        const times = Number((locals.piece + MOST_BYTES - 1n) / MOST_BYTES);
        askVmm(machine, locals, { size: locals.piece, pageSize: 1, times });
        return undefined;
      },
    ),
    step('MG4', 'the VMM answers, and enters the guest again', (_, locals) => vmmAnswers(locals)),
    step(
      'MG5',
      'INVALID_OPERAND if the VMM answered EINVAL; otherwise continue with the next 2 MiB (MG3) until nothing is left',
      (_, locals) => {
        if (locals.failed) {
          locals.status = 'INVALID_OPERAND';
          return goto('MG7');
        }
        goOn(locals);
        return locals.size > 0n ? goto('MG3') : undefined;
      },
    ),
    step('MG7', 'the guest continues, with the status', (machine, { status }) => {
      machine.emit({ type: 'instruction', name: 'MapGPA', result: status, detail: null });
      return finish(machine, null);
    }),
  ],
});

function minimum(a: bigint, b: bigint): bigint {
  return a < b ? a : b;
}

/** Calls the procedure with which a guest of that type makes the request. */
export function conversionRequest(type: VmType, request: Request): Control & { do: 'call' } {
  switch (type) {
    case 'sev-snp':
      return call<PscLocals>(pageStateChange, request);
    case 'tdx':
      return call<MapGpaLocals>(mapGpa, request);
    default:
      return call<RequestLocals>(mapGpaRange, request);
  }
}
