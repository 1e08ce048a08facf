/** What the CPU does with an access or an instruction of the guest, given the page tables and the RMP. */
import type { InstructionEvent } from '../events';
import { checkAccess } from '../rmp/guest-access';
import { type InstructionOutcome, pvalidate, rmpadjust, rmpquery } from '../rmp/guest-instructions';
import type { MappedLeaf, State } from '../state';
import { pageOf } from '../units';
import { type FaultCause, NO_CAUSE } from './error-code';
import { leafAt, markAccessed } from './page-table';
import { validRoot } from './roots';
import { putRoot } from './state-parts';
import { asidOf } from './vms';

export type GuestOperation =
  | { readonly kind: 'access'; readonly access: 'read' | 'write' | 'exec'; readonly private: boolean }
  | { readonly kind: 'pvalidate'; readonly size: 1 | 2; readonly validate: boolean }
  | {
      readonly kind: 'rmpadjust' | 'rmpquery';
      readonly size: 1 | 2;
      readonly vmpl: number;
      readonly permissions: number;
      readonly vmsa: boolean;
    };

export interface Attempt {
  readonly state: State;
  /** Why the CPU left the guest; null where the guest went on. */
  readonly fault: FaultCause | null;
  /** gfn of a page that the guest has not accepted: it gets #VC. */
  readonly notValidated: number | null;
  readonly instruction: Omit<InstructionEvent, 'type'> | null;
}

interface Request {
  readonly vcpu: number;
  readonly gpa: bigint;
  readonly operation: GuestOperation;
}

/** The guest's VMPL: all vCPUs run at 0. */
const VMPL = 0;

/** An instruction on the RMP is about private memory. */
function causeOf(operation: GuestOperation): FaultCause {
  if (operation.kind !== 'access') return { ...NO_CAUSE, private: true };
  const { access } = operation;
  return { ...NO_CAUSE, write: access === 'write', exec: access === 'exec', private: operation.private };
}

const done = (state: State): Attempt => ({ state, fault: null, notValidated: null, instruction: null });
const faulted = (state: State, fault: FaultCause): Attempt => ({ ...done(state), fault });

function accessed(state: State, { vcpu, operation }: Request, gfn: number): State {
  const cause = causeOf(operation);
  const root = validRoot(state, vcpu, cause.private);
  return root === undefined ? state : putRoot(state, markAccessed(root, gfn, cause.write));
}

/** pfn of the page; the zero page is the hypervisor's. */
function pfnOf({ frame }: MappedLeaf, gfn: number): number {
  return frame === 'zero' ? 0 : gfn + frame;
}

/** The access, once the nested page tables allowed it: what the RMP says. */
function throughRmp(state: State, request: Request, leaf: MappedLeaf, gfn: number): Attempt {
  const { operation } = request;
  if (operation.kind !== 'access' || state.vm !== 'sev-snp') return done(accessed(state, request, gfn));
  const check = checkAccess(state.rmp, {
    gfn,
    pfn: pfnOf(leaf, gfn),
    level: leaf.level === 1 ? 1 : 2,
    asid: asidOf(state),
    kind: operation.access,
    private: operation.private,
    vmpl: VMPL,
  });
  switch (check.does) {
    case 'access':
      return done(accessed(state, request, gfn));
    case 'vc':
      return { ...done(accessed(state, request, gfn)), notValidated: gfn };
    default:
      return faulted(state, { ...causeOf(operation), present: true, rmp: check.rmp, vmpl: check.vmpl });
  }
}

function nameOf(operation: GuestOperation): InstructionEvent['name'] {
  if (operation.kind === 'pvalidate') return 'PVALIDATE';
  return operation.kind === 'rmpadjust' ? 'RMPADJUST' : 'RMPQUERY';
}

function instructionOutcome(
  state: State,
  operation: GuestOperation,
  page: Parameters<typeof pvalidate>[1],
): { readonly outcome: InstructionOutcome; readonly detail: string | null } {
  switch (operation.kind) {
    case 'pvalidate': {
      const outcome = pvalidate(state.rmp, page, operation.validate);
      return { outcome, detail: 'fault' in outcome || !outcome.unchanged ? null : 'no change (CF)' };
    }
    case 'rmpadjust': {
      const { vmpl: target, permissions, vmsa } = operation;
      return { outcome: rmpadjust(state.rmp, page, { vmpl: VMPL, target, permissions, vmsa }), detail: null };
    }
    case 'rmpquery': {
      const asked = rmpquery(state.rmp, page, { vmpl: VMPL, target: operation.vmpl });
      if ('fault' in asked) return { outcome: asked, detail: null };
      const outcome = { result: asked.result, unchanged: false, rmp: state.rmp };
      return { outcome, detail: `permissions ${permissionText(asked.permissions)}` };
    }
    default:
      throw new Error('an access is no instruction');
  }
}

/** `rwus` with `-` for what is missing: read, write, user and supervisor execute. */
export function permissionText(mask: number): string {
  return [...'rwus'].map((letter, bit) => ((mask >> bit) & 1 ? letter : '-')).join('');
}

/** PVALIDATE and its kind, on a page that the nested page tables map. */
function execute(state: State, request: Request, leaf: MappedLeaf, gfn: number): Attempt {
  const { operation } = request;
  if (operation.kind === 'access') return throughRmp(state, request, leaf, gfn);
  const page = { gfn, pfn: pfnOf(leaf, gfn), size: operation.size, asid: asidOf(state) };
  const { outcome, detail } = instructionOutcome(state, operation, page);
  if ('fault' in outcome) {
    return faulted(state, { ...causeOf(operation), present: true, rmp: true, sizem: outcome.fault.sizem });
  }
  const instruction = { name: nameOf(operation), result: outcome.result, detail } as const;
  return { ...done({ ...accessed(state, request, gfn), rmp: outcome.rmp }), instruction };
}

/** One try of the guest, from the walk of the nested page tables on. */
export function attempt(state: State, gfnLimit: number, request: Request): Attempt {
  const { vcpu, gpa, operation } = request;
  const cause = causeOf(operation);
  const gfn = pageOf(gpa);
  const root = validRoot(state, vcpu, cause.private);
  const leaf = root === undefined || gfn >= gfnLimit ? undefined : leafAt(root, gfn)?.value;
  if (leaf === undefined) return faulted(state, cause);
  if (leaf.kind === 'mmio') return faulted(state, { ...cause, rsvd: true });
  if (cause.write && !leaf.writable) return faulted(state, { ...cause, present: true });
  return execute(state, request, leaf, gfn);
}
