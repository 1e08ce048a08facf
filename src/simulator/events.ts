/**
 * Events, the only output of the simulator: a step reports what it did. Inline text, console, JSON and tests
 * are all derived from them. Units are pages; ranges are half-open.
 */
import type { Errno, Result } from './errno';
import type { NonEmpty } from './known';
import type { Lock } from './lock';
import type { AcceptResult } from './model/acceptance';
import type { Reading } from './model/contents';
import type { Range } from './ranges';
import type { RmpChangeRun } from './rmp/change';
import type { RmpResult } from './rmp/host-instructions';
import type { Leaf, RootKind } from './state';
import type { Level } from './units';

/** Contents of an SPTE, as events report them. */
export type SpteValue = Leaf | 'none' | 'table';

/** Every entry of `level` that maps gfns in `[start, end)` changed in the same way. */
export interface SpteRun extends Range {
  readonly level: Level;
  readonly from: SpteValue;
  readonly to: SpteValue;
  /** The kind of its root, on TDX; other VMs have only direct roots. */
  readonly root?: RootKind;
}

/**
 * Changes made by one walk of the page tables. `order`: whether a table's entry precedes or follows the
 * entries below it.
 */
export interface SptesEvent {
  readonly type: 'sptes';
  readonly order: 'parent-first' | 'child-first';
  readonly runs: readonly SpteRun[];
}

/**
 * KVM zapped gfns `[start, end)` of a slot, or of no particular slot; `leaves` are the leaf entries that it removed.
 */
export interface ZapEvent extends Range {
  readonly type: 'zap';
  readonly slot: number | null;
  readonly leaves: readonly SpteRun[];
}

/** A zap of all roots: it removes every mapping of the VM, in all slots. */
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
  /** KVM_EXIT_INTERNAL_ERROR with KVM_INTERNAL_ERROR_EMULATION (1): KVM could not emulate the instruction. */
  | { readonly reason: 'internal-error' }
  /** KVM_EXIT_FAIL_ENTRY: the CPU could not enter the guest. KVM_RUN returns 0. */
  | { readonly reason: 'fail-entry' }
  | {
      readonly reason: 'hypercall';
      readonly private: boolean;
      readonly gpa: bigint;
      readonly size: bigint;
      /** 2: KVM_MAP_GPA_RANGE_PAGE_SZ_2M is set among the attributes. */
      readonly pageSize: 1 | 2;
      /** Number of consecutive exits that request `[gpa, gpa + size)` piece by piece. */
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

/** A fault found its snapshot stale and retries (RET_PF_RETRY). */
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

/** A hole ends one byte into a page: that byte is zeroed, and the page stays. */
export interface ByteZeroedEvent {
  readonly type: 'byte-zeroed';
  readonly file: string;
  readonly page: number;
}

/** The hardware reported a memory error in a page of a file, which is now poisoned. */
export interface PoisonedEvent {
  readonly type: 'poisoned';
  readonly file: string;
  readonly page: number;
}

/** The VMM gets a SIGBUS (BUS_MCEERR_AR) with the userspace address of `gfn` in `slot`. */
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

/** An mmu_notifier call for userspace memory `[start, end)` (pages of the slot's memory). */
export interface NotifierEvent extends Range {
  readonly type: 'notifier';
  readonly slot: number;
}

/** Pages `[start, end)` of a slot's userspace memory were mapped or removed. */
export interface HostPagesEvent extends Range {
  readonly type: 'host-pages';
  readonly slot: number;
  readonly now: 'zero page' | 'own pages' | 'huge zero page' | 'huge page' | 'gone';
}

/** A memslot was created, deleted or moved, or an update left it unchanged. */
export interface SlotEvent {
  readonly type: 'slot';
  readonly change: 'created' | 'deleted' | 'moved' | 'unchanged';
  readonly slot: number;
}

/** Historical range arithmetic skipped a slot that maps pages of the hole. */
export interface SlotSkippedEvent {
  readonly type: 'slot-skipped';
  readonly slot: number;
}

/** A call was refused; `return` repeats the errno. */
export interface RefusedEvent {
  readonly type: 'refused';
  readonly reason: Refusal;
  readonly errno: Errno;
  /** The conflicting slot, if there is one. */
  readonly otherSlot?: number;
}

/** RMP entries changed; `start` and `end` are pfns. */
export interface RmpEvent extends RmpChangeRun {
  readonly type: 'rmp';
}

/** The direct map of pfns `[start, end)` was split to 4K. */
export interface DirectMapEvent extends Range {
  readonly type: 'direct-map-split';
}

/** An RMP instruction, or a guest's call to the TDX module or to the VMM, completed; `detail` is its further output. */
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
    | 'MapGPA'
    | 'PSC'
    | 'VMMCALL';
  readonly result: RmpResult | AcceptResult | MapGpaResult | RequestFailure;
  readonly detail: string | null;
  /** KVM executed it on behalf of the call, which is not this instruction. */
  readonly byKvm?: true;
}

/** Status of TDG.VP.VMCALL<MapGPA> (GHCI; status names without TDVMCALL_STATUS_). */
export type MapGpaResult = 'SUCCESS' | 'INVALID_OPERAND' | 'ALIGN_ERROR';

/**
 * What the guest gets if its request to convert memory fails: VMGEXIT_PSC_ERROR_GENERIC (GHCB), or from the hypercall
 * -KVM_EINVAL or the VMM's answer.
 */
export type RequestFailure = 'ERROR_GENERIC' | 'EINVAL';

/**
 * The CPU raised an exception that the guest's handler handles: a page is not validated, there is no memory (the
 * handler emulates MMIO with the VMM, unless the access was private), or the guest does not have the instruction.
 */
export interface GuestExceptionEvent {
  readonly type: 'guest-exception';
  readonly vcpu: number;
  readonly vector: '#VC' | '#VE' | '#UD';
  readonly why: 'not-validated' | 'mmio' | 'private-mmio' | 'no-such-instruction';
  readonly gfn: number;
}

/** A vCPU or the VMM read four bytes of memory; the VMM reads fewer at the end of a page. */
export interface ReadEvent extends Reading {
  readonly type: 'read';
}

/** A TDX guest lost gfns `[start, end)` that it had accepted: the next page mapped there is a new one, and pending. */
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
  | 'gmem-after-creation'
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
  | 'not-snp'
  | 'launch-done'
  | 'registers-encrypted'
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

/** The kernel itself faulted; the current task is killed. */
export interface OopsEvent {
  readonly type: 'oops';
  readonly text: string;
}

/** A call that waits for another call. */
export interface Waiter {
  /** Title of the call. */
  readonly title: string;
  readonly lock: Lock;
}

/** The call does not proceed: it is suspended before a step, blocked, deadlocked or has returned. */
export type SuspendedEvent = { readonly type: 'suspended' } & (
  | { readonly why: 'suspended'; readonly step: string }
  /** `holders`: titles of the calls that hold the lock, or are in a read-side section. */
  | { readonly why: 'blocked'; readonly lock: Lock; readonly holders: readonly string[] }
  /** It retries endlessly until one of the calls in `others` (titles) makes progress. */
  | { readonly why: 'retries'; readonly others: readonly string[] }
  /** Each waits for the next, and the last for the first. The first is the call itself. */
  | { readonly why: 'deadlock'; readonly lock: Lock; readonly cycle: NonEmpty<Waiter> }
  /** It has already returned. */
  | { readonly why: 'returned' }
);

/** The call would retry forever; a signal was sent to end it. */
export interface LivelockEvent {
  readonly type: 'livelock';
}

/** The call returned to the scenario. `left`: bytes that a prefault did not process. */
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
  | SuspendedEvent
  | LivelockEvent
  | ReturnEvent
  | RmpEvent
  | DirectMapEvent
  | InstructionEvent
  | GuestExceptionEvent
  | UnacceptedEvent
  | ReadEvent;
