/**
 * What a step tells the outside: the only output of the simulator. Inline text, console, JSON and tests
 * are all written from these. Page numbers; ranges are half-open.
 */
import type { Errno, Result } from './errno';
import type { Lock } from './lock';
import type { AcceptResult } from './model/acceptance';
import type { Unreadable } from './model/contents';
import type { Range } from './ranges';
import type { RmpChangeRun } from './rmp/change';
import type { RmpResult } from './rmp/host-instructions';
import type { Leaf } from './state';
import type { Level } from './units';

/** What an SPTE holds, as far as the outside is told. */
export type SpteValue = Leaf | 'none' | 'table';

/** Every entry of `level` that maps gfns of `[start, end)` changed in the same way. */
export interface SpteRun extends Range {
  readonly level: Level;
  readonly from: SpteValue;
  readonly to: SpteValue;
}

/**
 * Changes of one walk over the page tables. `order` says how entries of different levels follow each
 * other: a table before what is under it, or after.
 */
export interface SptesEvent {
  readonly type: 'sptes';
  readonly order: 'parent-first' | 'child-first';
  readonly runs: readonly SpteRun[];
}

/**
 * KVM unmapped `[start, end)` of a slot, or of no slot in particular; `leaves` are the leaf entries that really went.
 */
export interface ZapEvent extends Range {
  readonly type: 'zap';
  readonly slot: number | null;
  readonly leaves: readonly SpteRun[];
}

/** A zap of all roots: every mapping of the VM goes, whatever the slot. */
export interface ZapAllEvent {
  readonly type: 'zap-all';
  readonly slot: number;
}

/** kvm_flush_remote_tlbs() or a flush of a gfn range: all vCPUs' TLBs are flushed. */
export interface FlushEvent {
  readonly type: 'flush';
}

/** A nested page fault, as the tracepoint kvm:kvm_page_fault reports it. */
export interface FaultEvent {
  readonly type: 'fault';
  readonly vcpu: number;
  readonly gpa: bigint;
  readonly errorCode: bigint;
}

/** The vCPU left the guest for userspace. */
export type ExitEvent = { readonly type: 'exit'; readonly vcpu: number } & (
  | {
      readonly reason: 'memory-fault';
      readonly private: boolean;
      readonly gpa: bigint;
      readonly size: bigint;
    }
  | { readonly reason: 'mmio'; readonly gpa: bigint; readonly write: boolean }
  | { readonly reason: 'internal-error' }
  | {
      readonly reason: 'hypercall';
      readonly private: boolean;
      readonly gpa: bigint;
      readonly size: bigint;
      /** How many exits it takes to ask for all of it. */
      readonly times: number;
    }
);

/** mmu_invalidate bookkeeping changed. */
export interface InvalidateEvent {
  readonly type: 'invalidate';
  readonly phase: 'begin' | 'end';
  readonly seq: number;
  readonly inProgress: number;
}

/** A fault found its snapshot stale and starts again (RET_PF_RETRY). */
export interface RetryEvent {
  readonly type: 'retry';
  readonly vcpu: number;
  readonly gfn: number;
  readonly why: string;
}

/** Pages entered or left a guest_memfd's page cache. */
export interface FilePagesEvent extends Range {
  readonly type: 'gmem-allocated' | 'gmem-freed';
  readonly file: string;
}

/** A hole that ends in the middle of a page: its first byte is zeroed, and the page stays. */
export interface ByteZeroedEvent {
  readonly type: 'byte-zeroed';
  readonly file: string;
  readonly page: number;
}

/** A page of a file was poisoned: the hardware reported an error there. */
export interface PoisonedEvent {
  readonly type: 'poisoned';
  readonly file: string;
  readonly page: number;
}

/** The VMM gets a SIGBUS (BUS_MCEERR_AR), with the userspace address at which `slot` has `gfn`. */
export interface SigbusEvent {
  readonly type: 'sigbus';
  readonly slot: number;
  readonly gfn: number;
}

/** Attributes of `[start, end)` (gfns) were stored. */
export interface AttributesEvent extends Range {
  readonly type: 'attributes';
  readonly to: 'private' | 'shared';
}

/** The mmu_notifier told KVM that userspace memory `[start, end)` (pages of the slot's memory) changes. */
export interface NotifierEvent extends Range {
  readonly type: 'notifier';
  readonly slot: number;
}

/** Userspace memory of a slot changed: pages `[start, end)` of it are there now, or are gone. */
export interface HostPagesEvent extends Range {
  readonly type: 'host-pages';
  readonly slot: number;
  readonly now: 'zero page' | 'own pages' | 'huge zero page' | 'huge page' | 'gone';
}

/** A memslot came, went, moved or was left as it was. */
export interface SlotEvent {
  readonly type: 'slot';
  readonly change: 'created' | 'deleted' | 'moved' | 'unchanged';
  readonly slot: number;
}

/** A slot was left as it is, though it maps pages that go: historical range math. */
export interface SlotSkippedEvent {
  readonly type: 'slot-skipped';
  readonly slot: number;
}

/** Why a call was refused; the errno follows in its `return`. */
export interface RefusedEvent {
  readonly type: 'refused';
  readonly reason: Refusal;
  readonly errno: Errno;
  /** The slot in the way, where there is one. */
  readonly otherSlot?: number;
}

/** Entries of the RMP changed; `start` and `end` are pfns. */
export interface RmpEvent extends RmpChangeRun {
  readonly type: 'rmp';
}

/** The direct map maps pfns `[start, end)` as 4K from now on. */
export interface DirectMapEvent extends Range {
  readonly type: 'direct-map-split';
}

/** An instruction on the RMP, or a call of the TDX module or of its VMM, ended; `detail` is what it tells besides. */
export interface InstructionEvent {
  readonly type: 'instruction';
  readonly name:
    | 'RMPUPDATE'
    | 'PSMASH'
    | 'RMPREAD'
    | 'PVALIDATE'
    | 'RMPADJUST'
    | 'RMPQUERY'
    | 'TDG.MEM.PAGE.ACCEPT'
    | 'MapGPA';
  readonly result: RmpResult | AcceptResult | MapGpaResult;
  readonly detail: string | null;
}

/** What TDG.VP.VMCALL<MapGPA> ends with (GHCI; status names without TDVMCALL_STATUS_). */
export type MapGpaResult = 'SUCCESS' | 'INVALID_OPERAND' | 'ALIGN_ERROR';

/**
 * The CPU raised an exception in the guest, whose handler deals with it: a page that is not validated, a hole, which it
 * asks the VMM about unless it took it for private, or an instruction that this guest has not.
 */
export interface GuestExceptionEvent {
  readonly type: 'guest-exception';
  readonly vcpu: number;
  readonly vector: '#VC' | '#VE' | '#UD';
  readonly why: 'not-validated' | 'mmio' | 'private-mmio' | 'no-such-instruction';
  readonly gfn: number;
}

/** A vCPU, or the VMM, read memory: four bytes, or of the VMM those up to the end of the page. */
export interface ReadEvent {
  readonly type: 'read';
  /** The lowest byte first; or why there is no saying. */
  readonly value: number | Unreadable;
  /** No value was ever written in the scenario, so that nobody wonders what is read. */
  readonly plain: boolean;
}

/** A TDX guest lost gfns `[start, end)` that it had accepted: what comes there next is another page, and pending. */
export interface UnacceptedEvent extends Range {
  readonly type: 'unaccepted';
}

export type Refusal =
  | 'size-unaligned'
  | 'size-zero'
  | 'gpa-unaligned'
  | 'offset-unaligned'
  | 'offset-negative'
  | 'range-wraps'
  | 'binding-outside-file'
  | 'binding-not-huge'
  | 'beyond-file'
  | 'slot-overlap'
  | 'binding-overlap'
  | 'bad-descriptor'
  | 'gmem-size'
  | 'gmem-flags'
  | 'gmem-needs-private-vm'
  | 'gmem-slot-immutable'
  | 'slot-changed'
  | 'readonly-with-gmem'
  | 'slot-id'
  | 'slot-too-large'
  | 'gfn-above-limit'
  | 'unknown-slot'
  | 'attributes-unsupported'
  | 'truncate-unsupported'
  | 'outside-memory'
  | 'foreign-file'
  | 'readonly-protected'
  | 'prefault-before-launch'
  | 'run-before-launch'
  | 'not-snp'
  | 'no-page-state-change'
  | 'launch-done'
  | 'launch-needs-gmem'
  | 'launch-needs-private'
  | 'launch-source'
  | 'launch-without-file'
  | 'page-uptodate'
  | 'page-poisoned'
  | 'rmp-assigned'
  | 'no-page'
  | 'vm-dead'
  | 'shared-bit';

/** A WARN_ON_ONCE() of the kernel fired, or a BUG was reached. */
export interface WarnEvent {
  readonly type: 'warn';
  readonly text: string;
}

/** The kernel itself faulted: the task that ran is killed. */
export interface OopsEvent {
  readonly type: 'oops';
  readonly text: string;
}

/** One call that waits for another. */
export interface Waiter {
  /** What it is called. */
  readonly title: string;
  readonly lock: Lock;
}

/** The call stands still before the step, and others run; or there is no call that could go on. */
export type StillEvent = { readonly type: 'still' } & (
  | { readonly why: 'stands'; readonly step: string }
  /** `holders`: titles of the calls that hold the lock, or have not left a read section. */
  | { readonly why: 'waits'; readonly lock: Lock; readonly holders: readonly string[] }
  /** It goes round and round, and a call among `others`, by their titles, may change that. */
  | { readonly why: 'retries'; readonly others: readonly string[] }
  /** Each waits for the next, and the last for the first; the call itself is the first. */
  | { readonly why: 'deadlock'; readonly lock: Lock; readonly cycle: readonly Waiter[] }
  /** It has returned before. */
  | { readonly why: 'returned' }
);

/** The call would retry for ever; a signal was sent to end it. */
export interface LivelockEvent {
  readonly type: 'livelock';
}

/** The call returned to the scenario. `left`: bytes that a prefault did not do. */
export interface ReturnEvent {
  readonly type: 'return';
  readonly result: Result;
  readonly left?: bigint;
}

export type Event =
  | SptesEvent
  | ZapEvent
  | ZapAllEvent
  | FlushEvent
  | FaultEvent
  | ExitEvent
  | InvalidateEvent
  | RetryEvent
  | FilePagesEvent
  | ByteZeroedEvent
  | PoisonedEvent
  | SigbusEvent
  | AttributesEvent
  | NotifierEvent
  | HostPagesEvent
  | SlotEvent
  | SlotSkippedEvent
  | RefusedEvent
  | WarnEvent
  | OopsEvent
  | StillEvent
  | LivelockEvent
  | ReturnEvent
  | RmpEvent
  | DirectMapEvent
  | InstructionEvent
  | GuestExceptionEvent
  | UnacceptedEvent
  | ReadEvent;
