/** Parses what the guest program prints, one JSON object per line, and converts it to records. */
import { describeSpte } from './sptes';

/** Why a vCPU exited to userspace. Numbers are hex strings. */
export type RecordedExit =
  | {
      readonly reason: 'memory-fault';
      readonly private: boolean;
      readonly gpa: string;
      readonly size: string;
    }
  | { readonly reason: 'mmio'; readonly gpa: string; readonly write: boolean }
  | { readonly reason: 'internal-error' }
  | {
      readonly reason: 'hypercall';
      readonly private: boolean;
      readonly gpa: string;
      readonly size: string;
      /** Address, size, attributes and number of exits. */
      readonly requests: readonly (readonly [string, string, string, number])[];
    }
  /** Any other reason; `number` is KVM_EXIT_*. */
  | { readonly reason: 'other'; readonly number: number };

/** The outcome of one statement on a kernel, with the keys of `run --json`. */
export interface KernelRecord {
  readonly result: string;
  readonly exit?: RecordedExit;
  /** Prefault only: bytes not done, hex. */
  readonly left?: string;
  /** Address and error code, hex. */
  readonly faults: readonly (readonly [string, string])[];
  /** First gfn, level, from, to. */
  readonly sptes: readonly (readonly [string, number, string, string])[];
  readonly flush: boolean;
  /** An instruction of the guest that did not succeed. */
  readonly instruction?: { readonly name: 'VMMCALL'; readonly result: 'EINVAL' };
}

export type GuestMessage<R = KernelRecord> =
  | {
      readonly kind: 'statement';
      readonly scenario: number;
      readonly index: number;
      readonly record: R;
    }
  /** The statement could not be performed, and why. */
  | { readonly kind: 'skipped'; readonly scenario: number; readonly index: number; readonly why: string }
  | { readonly kind: 'end'; readonly scenario: number }
  /** All scenarios are done. */
  | { readonly kind: 'bye' }
  | { readonly kind: 'fatal'; readonly what: string };

/** First address of the guest's own code and page tables, which are hidden from scenarios (guest/guest.h, OWN_GPA). */
const OWN_GPA = 512n << 30n;
const OWN_GFN = OWN_GPA >> 12n;

const EXIT_HYPERCALL = 3;
const EXIT_MMIO = 6;
const EXIT_INTERNAL_ERROR = 17;
const EXIT_MEMORY_FAULT = 39;
/** KVM_MAP_GPA_RANGE_ENCRYPTED. */
const MAP_GPA_RANGE_PRIVATE = 16n;
/** RAX after a hypercall that failed with EINVAL. */
const ANSWER_EINVAL = '0xffffffffffffffea';
/** KVM_MEMORY_EXIT_FLAG_PRIVATE. */
const MEMORY_FAULT_PRIVATE = 8n;

interface RawExit {
  readonly reason: number;
  readonly flags: string;
  readonly gpa: string;
  readonly size: string;
  readonly write: boolean;
}

/** What the guest program prints about a statement. */
export interface RawStatement {
  readonly result: string;
  readonly exit?: RawExit;
  readonly left?: string;
  /** RAX after a hypercall, hex. */
  readonly answer?: string;
  readonly faults: readonly (readonly [string, string])[];
  readonly sptes: readonly (readonly [string, number, string, string])[];
  readonly flushes: number;
  /** Gaps that the trace reported: events were lost. */
  readonly lost: number;
}

function decodeExit({ reason, flags, gpa, size, write }: RawExit): RecordedExit {
  switch (reason) {
    case EXIT_MMIO:
      return { reason: 'mmio', gpa, write };
    case EXIT_MEMORY_FAULT: {
      const isPrivate = (BigInt(flags) & MEMORY_FAULT_PRIVATE) !== 0n;
      return { reason: 'memory-fault', private: isPrivate, gpa, size };
    }
    case EXIT_HYPERCALL: {
      const isPrivate = (BigInt(flags) & MAP_GPA_RANGE_PRIVATE) !== 0n;
      return { reason: 'hypercall', private: isPrivate, gpa, size, requests: [[gpa, size, flags, 1]] };
    }
    case EXIT_INTERNAL_ERROR:
      return { reason: 'internal-error' };
    default:
      return { reason: 'other', number: reason };
  }
}

export function decodeStatement(raw: RawStatement): KernelRecord {
  const sptes = raw.sptes.flatMap(([gfn, level, from, to]) => {
    if (BigInt(gfn) >= OWN_GFN) return [];
    const change = [describeSpte(BigInt(from), level), describeSpte(BigInt(to), level)] as const;
    return change[0] === 'none' && change[1] === 'none' ? [] : [[gfn, level, ...change] as const];
  });
  return {
    result: raw.result,
    ...(raw.exit !== undefined && { exit: decodeExit(raw.exit) }),
    ...(raw.left !== undefined && { left: raw.left }),
    faults: raw.faults.filter(([gpa]) => BigInt(gpa) < OWN_GPA),
    sptes,
    flush: raw.flushes > 0,
    ...(raw.answer === ANSWER_EINVAL && { instruction: { name: 'VMMCALL', result: 'EINVAL' } }),
  };
}

/** Number of characters of a line that an error quotes. */
const QUOTED = 200;

/** @throws Error if the line is not a JSON object. */
export function parseObject(line: string): Record<string, unknown> {
  try {
    const value: unknown = JSON.parse(line);
    if (typeof value === 'object' && value !== null) return value as Record<string, unknown>;
  } catch {
    // As any other line that the guest program does not print.
  }
  throw new Error(`the guest program violated its protocol: ${line.slice(0, QUOTED)}`);
}

/** A line that is not about the result of a statement; null if it is. */
export function messageWithoutResult(
  raw: Record<string, unknown>,
): Exclude<GuestMessage, { readonly kind: 'statement' }> | null {
  if (typeof raw.fatal === 'string') return { kind: 'fatal', what: raw.fatal };
  if (raw.bye === true) return { kind: 'bye' };
  const scenario = Number(raw.scenario);
  if (raw.end === true) return { kind: 'end', scenario };
  if (typeof raw.skipped !== 'string') return null;
  return { kind: 'skipped', scenario, index: Number(raw.statement), why: raw.skipped };
}

export function lineWithoutResult(line: string): Error {
  return new Error(`the guest program printed a line without a result: ${line.slice(0, QUOTED)}`);
}

/** The guest program is part of this project: a line with these keys is complete. */
function isStatement(raw: object): raw is RawStatement {
  const { result, faults, sptes } = raw as Partial<RawStatement>;
  return typeof result === 'string' && Array.isArray(faults) && Array.isArray(sptes);
}

/**
 * Parses one line.
 * @throws Error if the guest program did not print it, or if it reports lost events.
 */
export function decodeLine(line: string): GuestMessage {
  const raw = parseObject(line);
  const message = messageWithoutResult(raw);
  if (message !== null) return message;
  const scenario = Number(raw.scenario);
  const index = Number(raw.statement);
  if (!isStatement(raw) || !Number.isInteger(scenario) || !Number.isInteger(index)) {
    throw lineWithoutResult(line);
  }
  if (raw.lost > 0) {
    throw new Error(`the kernel's trace buffer overflowed in statement ${index + 1} of a scenario`);
  }
  return { kind: 'statement', scenario, index, record: decodeStatement(raw) };
}
