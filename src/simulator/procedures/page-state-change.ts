/** A guest's request to convert memory, and the conversion by the VMM. */
import type { VmType } from '../calls';
import type { Errno } from '../errno';
import type { MapGpaResult } from '../events';
import type { Machine } from '../machine';
import { type Control, call, goto, procedure, step } from '../procedure';
import { extentAt, touching } from '../ranges';
import { bytesOf, isPageAligned, pageOf } from '../units';
import { gfnLimitOf } from '../vm';
import { ioctlSetAttributes } from './attributes';
import { finish, reject } from './results';

interface RequestLocals {
  vcpu: number;
  gpa: bigint;
  size: bigint;
  to: 'private' | 'shared';
  result: Errno | null;
}

const NO_REQUEST: RequestLocals = { vcpu: 0, gpa: 0n, size: 0n, to: 'private', result: null };

/** The vCPU exits with KVM_EXIT_HYPERCALL, `times` times. */
function exit(machine: Machine, { vcpu, gpa, to }: RequestLocals, size: bigint, times: number): void {
  const isPrivate = to === 'private';
  machine.emit({ type: 'exit', vcpu, reason: 'hypercall', private: isPrivate, gpa, size, times });
}

export const pageStateChange = procedure<RequestLocals>({
  name: 'snp_begin_psc',
  source: 'arch/x86/kvm/svm/sev.c',
  about:
    'VMGEXIT with a page state change: the guest asks for pages to be private or shared. KVM forwards the request to the VMM.',
  locals: NO_REQUEST,
  steps: [
    step('PS1', 'EINVAL unless the VM is an SEV-SNP guest and is launched', (machine) => {
      if (machine.vm.type !== 'sev-snp') return reject(machine, 'EINVAL', 'no-page-state-change');
      return machine.vm.launched ? undefined : reject(machine, 'EINVAL', 'run-before-launch');
    }),
    step(
      'PS1a',
      'the guest: EINVAL unless gpa and size are page aligned and size is not 0',
      (machine, { gpa, size }) => {
        if (size === 0n) return reject(machine, 'EINVAL', 'size-zero');
        if (!isPageAligned(gpa)) return reject(machine, 'EINVAL', 'gpa-unaligned');
        return isPageAligned(size) ? undefined : reject(machine, 'EINVAL', 'size-unaligned');
      },
    ),
    step(
      'PS2',
      'exit to userspace: KVM_EXIT_HYPERCALL with KVM_HC_MAP_GPA_RANGE, once for contiguous entries',
      (machine, locals) => {
        exit(machine, locals, locals.size, 1);
        return undefined;
      },
    ),
    step('PS3', 'the VMM: set the attributes, then enter the guest again', (_, { gpa, size, to }) =>
      call(ioctlSetAttributes, { gpa, size, to }, 'result'),
    ),
    step('PS4', 'the guest continues; the RMP is unchanged', (machine, { result }) =>
      finish(machine, result),
    ),
  ],
});

interface MapGpaLocals extends RequestLocals {
  /** Bytes of the next exits to the VMM. */
  piece: bigint;
  /** Status that the guest gets. */
  status: MapGpaResult;
}

/** TDX_MAP_GPA_MAX_LEN: the most bytes of one exit. */
const MOST_BYTES = 2n << 20n;

/**
 * Bytes of the next pieces that can be converted in one call with the same effect as one by one: every gfn has the same
 * attribute now. It matters because a conversion of gfns that already have the wanted attribute does nothing.
 */
function nextPieces({ vm }: Machine, { gpa, size }: RequestLocals): bigint {
  const [start, end] = [pageOf(gpa), pageOf(gpa + size)];
  const edge = extentAt(vm.privateGfns, start)?.end ?? touching(vm.privateGfns, start, end)[0]?.start ?? end;
  if (edge >= end) return size;
  const same = bytesOf(edge) - gpa;
  return same < MOST_BYTES ? minimum(size, MOST_BYTES) : same - (same % MOST_BYTES);
}

/** TDG.VP.VMCALL<MapGPA>; `gpa` is without the shared bit, which follows from `to`. */
export const mapGpa = procedure<MapGpaLocals>({
  name: 'tdx_map_gpa',
  source: 'arch/x86/kvm/vmx/tdx.c',
  about:
    'TDVMCALL<MapGPA>: the guest asks for pages to be private or shared. KVM forwards the request to the VMM, 2 MiB at a time.',
  locals: { ...NO_REQUEST, piece: 0n, status: 'SUCCESS' },
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
        exit(machine, locals, locals.piece, Number((locals.piece + MOST_BYTES - 1n) / MOST_BYTES));
        return undefined;
      },
    ),
    step('MG4', 'the VMM: set the attributes, then enter the guest again', (_, { gpa, piece, to }) =>
      call(ioctlSetAttributes, { gpa, size: piece, to }, 'result'),
    ),
    step(
      'MG5',
      'INVALID_OPERAND if the VMM failed; otherwise continue with the next piece (MG3), until nothing is left',
      (_, locals) => {
        if (locals.result !== null) {
          locals.status = 'INVALID_OPERAND';
          return goto('MG7');
        }
        locals.gpa += locals.piece;
        locals.size -= locals.piece;
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

/** The request in the form of the VM's type. */
export function conversionRequest(
  type: VmType,
  request: Pick<RequestLocals, 'vcpu' | 'gpa' | 'size' | 'to'>,
): Control & { do: 'call' } {
  return type === 'tdx' ? call(mapGpa, request) : call(pageStateChange, request);
}
