/** The keys that the parts of the text (text/parts.ts) add to the JSON of a statement. */
import type { ExpectationKind } from '../../language';
import type { GuestExceptionEvent, Refusal, RootKind, StaleRange } from '../../simulator';
import type { Outcome } from './outcome';

export interface PagesRecord {
  readonly gfn: string;
  readonly pages: number;
}

/** Gfns in the page tables of a root. */
export interface RootPagesRecord extends PagesRecord {
  /** Only on TDX. */
  readonly root?: RootKind;
}

export interface LeafRecord extends RootPagesRecord {
  /** 1 for 4 KiB, 2 for 2 MiB, 3 for 1 GiB. */
  readonly level: number;
}

export interface MappedRecord extends LeafRecord {
  readonly rights: 'rwx' | 'r-x';
}

export interface ZapRecord {
  /** Null for a zap on behalf of no slot. */
  readonly slot: number | null;
  /** Empty for a zap of all roots. */
  readonly leaves: readonly LeafRecord[];
  readonly allRoots: boolean;
  /** Whether it reaches gfns outside the slot. */
  readonly beyond: boolean;
}

export interface FilePagesRecord {
  readonly file: string;
  readonly page: string;
  readonly pages: number;
}

export interface SlotRecord {
  readonly slot: number;
  readonly change: 'created' | 'deleted' | 'moved' | 'unchanged';
  readonly gfn?: string;
  readonly pages?: number;
  readonly file?: string;
  readonly page?: string;
}

export interface LockRecord {
  readonly kind: string;
  readonly vcpu?: number;
  readonly file?: string;
  readonly page?: string;
}

/** Keys that parts of the text add. Lists of several parts are joined. */
export interface Told {
  readonly failedExpectations?: readonly {
    readonly kind: ExpectationKind;
    readonly expected: string;
    readonly actual: string;
  }[];
  readonly refused?: { readonly reason: Refusal; readonly slot?: number };
  /** For a livelock: what the RMP denies the guest. */
  readonly denied?: { readonly gfn: string; readonly vmpl: boolean };
  /** The locks in the order in which the calls wait for each other, starting with this call. */
  readonly waitsFor?: readonly { readonly call: string | null; readonly lock: LockRecord }[];
  readonly missedStep?: string;
  readonly retried?: readonly string[];
  readonly zapped?: readonly ZapRecord[];
  readonly skipped?: readonly number[];
  readonly mapped?: readonly MappedRecord[];
  readonly rewrote?: readonly MappedRecord[];
  readonly mmio?: readonly RootPagesRecord[];
  readonly slots?: readonly SlotRecord[];
  readonly stale?: readonly (RootPagesRecord & { readonly why: StaleRange['why'] })[];
  readonly invalidationsLeft?: number;
  readonly fileLeaked?: string;
  readonly freedAssigned?: readonly { readonly pfn: string; readonly pages: number }[];
  readonly freed?: readonly FilePagesRecord[];
  readonly allocated?: readonly FilePagesRecord[];
  readonly memory?: readonly {
    readonly slot: number;
    readonly page: string;
    readonly pages: number;
    readonly now: 'zero page' | 'own pages' | 'huge zero page' | 'huge page' | 'gone';
  }[];
  readonly exceptions?: readonly {
    readonly vector: GuestExceptionEvent['vector'];
    readonly gfn: string;
    readonly why: GuestExceptionEvent['why'];
  }[];
  readonly read?: string;
  readonly attributes?: readonly (PagesRecord & { readonly to: 'private' | 'shared' })[];
  readonly warnings?: readonly string[];
  readonly oops?: string;
  readonly zeroed?: readonly { readonly file: string; readonly page: string }[];
  readonly instructions?: readonly {
    readonly name: string;
    readonly result: string;
    readonly detail?: string;
  }[];
  /** For an access without a fault. */
  readonly access?: {
    readonly gfn: string;
    /** Only on TDX. */
    readonly root?: RootKind;
    readonly stale: StaleRange['why'] | null;
    readonly ciphertext: boolean;
  };
}

/** The keys of the JSON that correspond to a part; the compiler requires them for each part. */
export type PartJson =
  | { readonly adds: Told }
  /** A key that is read off the events (record.ts). */
  | { readonly has: keyof Outcome }
  /** Why there is no key. */
  | { readonly none: string };

/** The keys that parts add; lists of several parts are joined. */
export function toldOf(parts: readonly { readonly json: PartJson }[]): Told {
  const told: Record<string, unknown> = {};
  for (const { json } of parts) {
    if (!('adds' in json)) continue;
    for (const [key, value] of Object.entries(json.adds)) {
      const before = told[key];
      told[key] = Array.isArray(before) && Array.isArray(value) ? [...before, ...value] : value;
    }
  }
  return told as Told;
}
