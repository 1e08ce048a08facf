/**
 * The outcome of a statement as a record: used for expectations after `=>`, inline texts and comparisons. Ranges are
 * half-open and count pages. An empty list expects that nothing of the kind happens; a missing key expects nothing.
 */
import type { Level, Range, RootKind, Unreadable } from '../../simulator';

/** Gfns in the page tables of a root. */
export interface RootGfnsExpectation extends Range {
  /** The kind of root, on TDX; absent if any kind is expected. */
  readonly root?: RootKind;
}

export interface LeafExpectation extends RootGfnsExpectation {
  /** Null matches any level. */
  readonly level: Level | null;
  /** `rwx` or `r-x`; null matches any rights. */
  readonly rights: string | null;
}

export interface ZapExpectation {
  /** Null for a zap on behalf of no slot, and for a zap of all roots, which has no leaves. */
  readonly slot: number | null;
  readonly leaves: readonly (RootGfnsExpectation & { readonly level: Level })[];
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
  /** `VMSA`: the page in which the firmware saves a vCPU's registers. */
  readonly to: 'private' | 'shared' | 'reclaim' | 'firmware' | 'VMSA';
  /** Null for pages that return to the hypervisor, or to match any ASID. */
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
   * `ok`, an errno, `livelock`, or `oops` if the kernel itself stops; for a suspended call `suspended at FA7`,
   * `blocked on mmu_lock`, `retries` or `deadlock`; `returned` if there is no call to resume.
   */
  readonly result?: string;
  /** The number of bytes that a call left undone. */
  readonly left?: bigint;
  /** Null: the vCPU does not exit to userspace. */
  readonly exit?: ExitExpectation | null;
  /** The locks that the call waited for and has acquired. */
  readonly waited?: readonly string[];
  /** Whether a fault starts again because of an invalidation, or because another fault changed the entry. */
  readonly retried?: boolean;
  readonly zapped?: readonly ZapExpectation[];
  /** Slots that the historical range math skips. */
  readonly skipped?: readonly number[];
  readonly mapped?: readonly LeafExpectation[];
  readonly rewrote?: readonly LeafExpectation[];
  readonly mmio?: readonly RootGfnsExpectation[];
  /** Mappings that should have been zapped. */
  readonly stale?: readonly RootGfnsExpectation[];
  readonly freed?: readonly FilePagesExpectation[];
  readonly allocated?: readonly FilePagesExpectation[];
  readonly poisoned?: readonly FilePagesExpectation[];
  /** SIGBUSes that the VMM gets, with the gfn of the userspace address. */
  readonly sigbus?: readonly SigbusExpectation[];
  readonly attributes?: readonly AttributesExpectation[];
  /** Pages that a TDX guest had accepted and lost. */
  readonly unaccepted?: readonly Range[];
  readonly rmp?: readonly RmpExpectation[];
  /** How many 2M entries of the RMP were smashed. */
  readonly psmash?: number;
  readonly instruction?: InstructionExpectation;
  readonly guest?: readonly GuestExceptionExpectation[];
  /** What a read returns: four bytes, little-endian, or why the value is unknown. */
  readonly read?: number | Unreadable;
  /** The number of nested page faults. */
  readonly faults?: number;
  readonly flush?: boolean;
  /** Whether the kernel reaches a WARN_ON_ONCE or a BUG. */
  readonly warn?: boolean;
}

export type ExpectationKind = keyof Expectations;

/** The complete outcome of a statement, in the form of expectations. */
export type ObservedOutcome = Required<Omit<Expectations, MaybeAbsent>> &
  Pick<Expectations, MaybeAbsent> & {
    /** Whether it read before any value was written; texts leave such a read out unless it is expected. */
    readonly readsPlain: boolean;
  };

/** Expectations that only some statements can have. */
type MaybeAbsent = 'instruction' | 'read';

/** Every kind of expectation, in the order of printing. A kind that is missing here would never be checked. */
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
