/** What the CPU does for an access or an instruction of the guest, given the page tables and the RMP. */
import type { VmType } from '../calls';
import type { GuestExceptionEvent, InstructionEvent, ReadEvent } from '../events';
import { valueAt } from '../ranges';
import { checkAccess } from '../rmp/guest-access';
import {
  type GuestPage,
  type InstructionOutcome,
  pvalidate,
  rmpadjust,
  rmpquery,
} from '../rmp/guest-instructions';
import type { MappedLeaf, State, VmState } from '../state';
import { offsetInPage, pageOf } from '../units';
import { hasProtectedState } from '../vm';
import { accept } from './acceptance';
import { fillPages, NO_KEY, readAt, writeValue } from './contents';
import { type FaultCause, NO_CAUSE } from './error-code';
import { leafAt, markAccessed } from './page-table';
import { rootKind, validRoot } from './roots';
import { putRoot } from './state-parts';
import { asidOf, putVm, vmOf } from './vms';

export type GuestOperation =
  | {
      readonly kind: 'access';
      readonly access: 'read' | 'write' | 'exec';
      /** True for an instruction fetch of a guest with protected state. */
      readonly private: boolean;
      /** The value that a write stores; without it, the write leaves the contents unchanged. */
      readonly value?: number;
    }
  | { readonly kind: 'pvalidate'; readonly size: 1 | 2; readonly validate: boolean }
  | {
      readonly kind: 'rmpadjust';
      readonly size: 1 | 2;
      readonly target: number;
      readonly permissions: number;
      readonly vmsa: boolean;
    }
  | { readonly kind: 'rmpquery'; readonly target: number }
  | { readonly kind: 'accept'; readonly size: 1 | 2 };

type Instruction = Exclude<GuestOperation, { kind: 'access' }>;

/** An exception in the guest, without its vCPU. */
export type GuestException = Omit<GuestExceptionEvent, 'type' | 'vcpu'>;

export interface Attempt {
  readonly state: State;
  /** Why the CPU left the guest; null if it did not. */
  readonly fault: FaultCause | null;
  readonly exception: GuestException | null;
  readonly instruction: Omit<InstructionEvent, 'type'> | null;
  /** What a read found. */
  readonly read: ReadEvent | null;
}

interface Request {
  readonly vmId: number;
  readonly vcpu: number;
  readonly gpa: bigint;
  readonly operation: GuestOperation;
  /** Privilege level at which the vCPU runs, on SEV-SNP. */
  readonly vmpl: number;
}

/** The VM type that has each instruction; guests of other types get #UD. */
const INSTRUCTIONS: Readonly<Record<Instruction['kind'], { name: InstructionEvent['name']; vm: VmType }>> = {
  pvalidate: { name: 'PVALIDATE', vm: 'sev-snp' },
  rmpadjust: { name: 'RMPADJUST', vm: 'sev-snp' },
  rmpquery: { name: 'RMPQUERY', vm: 'sev-snp' },
  accept: { name: 'TDG.MEM.PAGE.ACCEPT', vm: 'tdx' },
};

/** Instructions on the RMP or the secure page tables access private memory. */
function causeOf(operation: GuestOperation): FaultCause {
  if (operation.kind !== 'access') return { ...NO_CAUSE, private: true };
  const { access } = operation;
  return { ...NO_CAUSE, write: access === 'write', exec: access === 'exec', private: operation.private };
}

const done = (state: State): Attempt => ({
  state,
  fault: null,
  exception: null,
  instruction: null,
  read: null,
});
const faulted = (state: State, fault: FaultCause): Attempt => ({ ...done(state), fault });
const excepted = (state: State, exception: GuestException): Attempt => ({ ...done(state), exception });

function notValidated(state: State, gfn: number): Attempt {
  return excepted(state, { vector: '#VC', why: 'not-validated', gfn });
}

/** Sets the accessed and dirty bits; KVM cannot see those of private memory on TDX. */
function accessed(state: State, { vmId, vcpu, operation }: Request, gfn: number): State {
  const cause = causeOf(operation);
  const vm = vmOf(state, vmId);
  const root = validRoot(vm, vcpu, rootKind(vm, cause.private));
  if (root === undefined || root.kind === 'mirror') return state;
  const marked = markAccessed(root, gfn, cause.write);
  return marked === root ? state : putVm(state, putRoot(vm, marked));
}

/** pfn of the page; the zero page is the hypervisor's. */
function pfnOf({ frame }: MappedLeaf, gfn: number): number {
  return frame === 'zero' ? 0 : gfn + frame;
}

function levelOf({ level }: MappedLeaf): 1 | 2 {
  return level === 1 ? 1 : 2;
}

/** The key of a guest access. */
function keyOf({ type, id }: VmState, operation: GuestOperation & { kind: 'access' }): number {
  return hasProtectedState(type) && operation.private ? asidOf(id) : NO_KEY;
}

/** Performs the access: reads or writes the contents. */
function made(before: State, request: Request, leaf: MappedLeaf, gfn: number): Attempt {
  const state = accessed(before, request, gfn);
  const { vmId, operation, gpa } = request;
  if (operation.kind !== 'access' || operation.access === 'exec') return done(state);
  const at = { pfn: pfnOf(leaf, gfn), offset: offsetInPage(gpa) };
  const key = keyOf(vmOf(state, vmId), operation);
  if (operation.access === 'read')
    return { ...done(state), read: { type: 'read', ...readAt(state, at, key) } };
  return done(operation.value === undefined ? state : writeValue(state, at, operation.value, key));
}

/** The RMP check of an access that the nested page tables allow. */
function throughRmp(state: State, request: Request, leaf: MappedLeaf, gfn: number): Attempt {
  const { vmId, operation, vmpl } = request;
  if (operation.kind !== 'access' || vmOf(state, vmId).type !== 'sev-snp')
    return made(state, request, leaf, gfn);
  const check = checkAccess(state.rmp, {
    gfn,
    pfn: pfnOf(leaf, gfn),
    level: levelOf(leaf),
    asid: asidOf(vmId),
    kind: operation.access,
    private: operation.private,
    vmpl,
  });
  switch (check.does) {
    case 'access':
      return made(state, request, leaf, gfn);
    case 'vc':
      return notValidated(accessed(state, request, gfn), gfn);
    default:
      return faulted(state, { ...causeOf(operation), present: true, rmp: check.rmp, vmpl: check.vmpl });
  }
}

/** `rwus` with `-` for a missing permission: read, write, user and supervisor execute. */
export function permissionText(mask: number): string {
  return [...'rwus'].map((letter, bit) => ((mask >> bit) & 1 ? letter : '-')).join('');
}

interface Executed {
  readonly outcome: InstructionOutcome;
  readonly detail: string | null;
}

function queryText({
  permissions,
  pageSize,
  vmsa,
}: {
  permissions: number;
  pageSize: 1 | 2;
  vmsa: boolean;
}): string {
  return `permissions ${permissionText(permissions)}, ${pageSize === 2 ? '2M' : '4K'}${vmsa ? ', VMSA' : ''}`;
}

function onRmp(
  { rmp }: State,
  operation: Exclude<Instruction, { kind: 'accept' }>,
  page: Omit<GuestPage, 'size'>,
  vmpl: number,
): Executed {
  switch (operation.kind) {
    case 'pvalidate': {
      const outcome = pvalidate(
        rmp,
        { ...page, size: operation.size },
        { vmpl, validate: operation.validate },
      );
      return { outcome, detail: 'result' in outcome && outcome.unchanged ? 'no change (CF)' : null };
    }
    case 'rmpadjust': {
      const outcome = rmpadjust(rmp, { ...page, size: operation.size }, { ...operation, vmpl });
      return { outcome, detail: null };
    }
    case 'rmpquery': {
      const asked = rmpquery(rmp, page, { vmpl, target: operation.target });
      if (!('result' in asked)) return { outcome: asked, detail: null };
      const detail = asked.result === 'SUCCESS' ? queryText(asked) : null;
      return { outcome: { result: asked.result, unchanged: false, rmp }, detail };
    }
  }
}

/** Executes an access or an instruction on a page that the nested page tables map. */
function execute(state: State, request: Request, leaf: MappedLeaf, gfn: number): Attempt {
  const { vmId, operation, vmpl } = request;
  if (operation.kind === 'access') return throughRmp(state, request, leaf, gfn);
  const { name } = INSTRUCTIONS[operation.kind];
  if (operation.kind === 'accept') {
    const vm = vmOf(state, vmId);
    const { accepted, result } = accept(vm, gfn, operation.size);
    const pfn = pfnOf(leaf, gfn);
    // TDX module ABI, TDG.MEM.PAGE.ACCEPT: the page is initialised to zeroes with the key of the TD.
    const zeroed =
      result === 'SUCCESS' ? fillPages(state, { start: pfn, end: pfn + 1 }, 'zeroes', asidOf(vmId)) : state;
    return { ...done(putVm(zeroed, { ...vm, accepted })), instruction: { name, result, detail: null } };
  }
  const page = { gfn, pfn: pfnOf(leaf, gfn), level: levelOf(leaf), asid: asidOf(vmId) };
  const { outcome, detail } = onRmp(state, operation, page, vmpl);
  if ('fault' in outcome) {
    return faulted(state, { ...causeOf(operation), present: true, rmp: true, sizem: outcome.fault.sizem });
  }
  const after = accessed(state, request, gfn);
  if ('notValidated' in outcome) return notValidated(after, gfn);
  return { ...done({ ...after, rmp: outcome.rmp }), instruction: { name, result: outcome.result, detail } };
}

/** Whether the access is to a private page that a TDX guest has not accepted. */
function isPending({ type, accepted }: VmState, { operation }: Request, gfn: number): boolean {
  if (type !== 'tdx' || operation.kind !== 'access' || !operation.private) return false;
  return valueAt(accepted, gfn) !== true;
}

/** One attempt of the guest, starting with the walk of the nested page tables. */
export function attempt(state: State, gfnLimit: number, request: Request): Attempt {
  const { vmId, vcpu, gpa, operation } = request;
  const vm = vmOf(state, vmId);
  const cause = causeOf(operation);
  const gfn = pageOf(gpa);
  if (operation.kind !== 'access' && INSTRUCTIONS[operation.kind].vm !== vm.type) {
    return excepted(state, { vector: '#UD', why: 'no-such-instruction', gfn });
  }
  const root = validRoot(vm, vcpu, rootKind(vm, cause.private));
  const leaf = root === undefined || gfn >= gfnLimit ? undefined : leafAt(root, gfn)?.value;
  if (leaf === undefined) return faulted(state, cause);
  if (leaf.kind === 'mmio') {
    // KVM cannot emulate an access of such a guest. The CPU delivers the fault of an MMIO SPTE to the guest.
    if (!hasProtectedState(vm.type)) return faulted(state, { ...cause, rsvd: true });
    const vector = vm.type === 'tdx' ? '#VE' : '#VC';
    return excepted(state, { vector, why: cause.private ? 'private-mmio' : 'mmio', gfn });
  }
  if (cause.write && !leaf.writable) return faulted(state, { ...cause, present: true });
  if (isPending(vm, request, gfn)) return faulted(state, { ...cause, pending: true });
  return execute(state, request, leaf, gfn);
}
