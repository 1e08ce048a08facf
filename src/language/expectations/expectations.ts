/**
 * What a statement does, expectation by expectation: what a scenario states behind `=>`, what inline texts tell, and what
 * is compared. Page numbers; ranges are half-open. A list that is there and empty expectations that nothing
 * of the kind happens.
 */
import type { Level, Range, RootKind, Unreadable } from '../../simulator';

export interface LeafExpectation extends Range {
  /** Null expectations nothing. */
  readonly level: Level | null;
  /** `rwx` or `r-x`; null expectations nothing. */
  readonly rights: string | null;
  /** The kind of root, on TDX; absent: nothing is expected. */
  readonly root?: RootKind;
}

export interface ZapExpectation {
  /** Null for a zap that is of no slot, and for one of all roots, which has no leaves. */
  readonly slot: number | null;
  readonly leaves: readonly (Range & { readonly level: Level; readonly root?: RootKind })[];
}

export interface FilePagesExpectation {
  readonly file: string;
  readonly pages: readonly Range[];
}

export interface AttributesExpectation extends Range {
  readonly to: 'private' | 'shared';
}

export interface RmpExpectation {
  readonly entries: number;
  readonly level: 1 | 2;
  /** `VMSA`: the page in which the firmware keeps a vCPU's registers. */
  readonly to: 'private' | 'shared' | 'reclaim' | 'firmware' | 'VMSA';
  /** Null for pages that become the hypervisor's, or where nothing is expected. */
  readonly asid: number | null;
}

export interface InstructionExpectation {
  readonly name: string;
  readonly result: string;
}

export type ExitExpectation =
  | { readonly reason: 'memory-fault' | 'hypercall'; readonly private: boolean; readonly gpa: bigint | null }
  | { readonly reason: 'mmio'; readonly write: boolean; readonly gpa: bigint | null }
  | { readonly reason: 'internal-error' | 'fail-entry' };

export interface GuestExceptionExpectation {
  /** Without its `#`: `VC`. */
  readonly vector: string;
  readonly gfn: number | null;
}

export interface SigbusExpectation {
  readonly slot: number;
  readonly gfn: number;
}

export interface Expectations {
  /**
   * `ok`, an errno, `livelock`, or `oops` where the kernel itself stops; of a call that is suspended, `suspended at FA7`,
   * `blocked on mmu_lock`, `retries`, `deadlock`, or `returned` where there is no call to resume.
   */
  readonly result?: string;
  /** Bytes that a call did not come to. */
  readonly left?: bigint;
  /** Null: the vCPU does not leave for userspace. */
  readonly exit?: ExitExpectation | null;
  /** Locks that the call had to wait for, and has by now. */
  readonly waited?: readonly string[];
  /** Whether a fault starts again because of an invalidation. */
  readonly retried?: boolean;
  readonly zapped?: readonly ZapExpectation[];
  /** Slots that the historical range math passes by. */
  readonly skipped?: readonly number[];
  readonly mapped?: readonly LeafExpectation[];
  readonly rewrote?: readonly LeafExpectation[];
  readonly mmio?: readonly Range[];
  /** Mappings that should be gone. */
  readonly stale?: readonly Range[];
  readonly freed?: readonly FilePagesExpectation[];
  readonly allocated?: readonly FilePagesExpectation[];
  readonly poisoned?: readonly FilePagesExpectation[];
  /** Userspace addresses with which the VMM gets a SIGBUS, by the gfns that have them. */
  readonly sigbus?: readonly SigbusExpectation[];
  readonly attributes?: readonly AttributesExpectation[];
  /** What a TDX guest had accepted, and lost. */
  readonly unaccepted?: readonly Range[];
  readonly rmp?: readonly RmpExpectation[];
  /** How many 2M entries of the RMP were smashed. */
  readonly psmash?: number;
  readonly instruction?: InstructionExpectation;
  readonly guest?: readonly GuestExceptionExpectation[];
  /** What an access that reads finds: four bytes, the lowest first, or why there is no saying. */
  readonly read?: number | Unreadable;
  /** Nested page faults. */
  readonly faults?: number;
  readonly flush?: boolean;
  /** Whether a WARN_ON_ONCE or a BUG is reached. */
  readonly warn?: boolean;
}

export type ExpectationKind = keyof Expectations;

/** Everything that can be expected of what a statement did. */
export type AllExpectations = Required<Omit<Expectations, MaybeAbsent>> &
  Pick<Expectations, MaybeAbsent> & {
    /** Whether it read before any value was written: nobody is told of that unless they ask. */
    readonly readsPlain: boolean;
  };

/** Expectations of what only some statements do. */
type MaybeAbsent = 'instruction' | 'read';

/** Every kind of expectation, in the order in which they are written: one that is missing here would be met whatever happens. */
const IN_ORDER: Readonly<Record<ExpectationKind, true>> = {
  result: true,
  left: true,
  exit: true,
  waited: true,
  retried: true,
  zapped: true,
  skipped: true,
  mapped: true,
  rewrote: true,
  mmio: true,
  stale: true,
  freed: true,
  allocated: true,
  poisoned: true,
  sigbus: true,
  attributes: true,
  unaccepted: true,
  rmp: true,
  psmash: true,
  instruction: true,
  guest: true,
  read: true,
  faults: true,
  flush: true,
  warn: true,
};

export const EXPECTATION_KINDS = Object.keys(IN_ORDER) as readonly ExpectationKind[];
