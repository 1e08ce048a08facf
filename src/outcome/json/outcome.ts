/** The outcome of a statement as data: the keys that are read off its events. Its text adds those of told.ts. */

export type RmpRecord = readonly [
  pfn: string,
  pages: number,
  level: number,
  change: 'private' | 'shared' | 'reclaim' | 'firmware' | 'VMSA' | 'psmash',
  asid: number,
];

export interface ExitRecord {
  readonly reason: 'memory-fault' | 'mmio' | 'hypercall' | 'internal-error' | 'fail-entry';
  readonly private?: boolean;
  readonly gpa?: string;
  readonly size?: string;
  readonly times?: number;
  /** For a hypercall: gpa, size, attributes and number of exits; consecutive equal exits are one entry. */
  readonly requests?: readonly (readonly [gpa: string, size: string, attributes: string, times: number])[];
  readonly write?: boolean;
}

/** One changed entry: first gfn, level, from, to; on TDX also the kind of root. */
export type SpteRecord =
  | readonly [gfn: string, level: number, from: string, to: string]
  | readonly [gfn: string, level: number, from: string, to: string, root: 'direct' | 'mirror'];

export interface SuspensionRecord {
  readonly step?: string;
  readonly lock?: string;
  readonly because?: readonly string[];
}

/** The keys that recordings of real kernels have, too, in the order of the JSON. */
export interface Outcome {
  readonly result: string;
  readonly exit?: ExitRecord;
  readonly left?: string;
  readonly faults: readonly (readonly [gpa: string, errorCode: string])[];
  readonly sptes: readonly SpteRecord[];
  readonly flush: boolean;
  /** Pages that were poisoned: file, first page, number of pages. */
  readonly poisoned?: readonly (readonly [file: string, page: string, pages: number])[];
  /** SIGBUSes of the VMM: slot, and the gfn of the userspace address. */
  readonly sigbus?: readonly (readonly [slot: number, gfn: string])[];
  /** Changes of the RMP: first pfn, number of pages, level, new state, ASID. */
  readonly rmp?: readonly RmpRecord[];
  /** Ranges of the direct map that were split to 4K: first pfn, number of pages. */
  readonly directMap?: readonly (readonly [pfn: string, pages: number])[];
  /** The instruction that the statement executed, with its result. */
  readonly instruction?: { readonly name: string; readonly result: string; readonly detail?: string };
  /** An exception that the guest received, without an exit. */
  readonly guest?: string;
  /** Accepted pages that a TDX guest lost: first gfn, number of pages. */
  readonly unaccepted?: readonly (readonly [gfn: string, pages: number])[];
  /** What an access read, if a value was written before: four bytes in hex, or `ciphertext`, `given`, `freed`. */
  readonly read?: string;
  /** For a suspended call: the step or the lock, and the calls that hold it. */
  readonly suspended?: SuspensionRecord;
  /** The locks that the call waited for and has acquired. */
  readonly waited?: readonly string[];
  /** The number of changes that `sptes` omits, after MAX_SPTES. */
  readonly sptesCut?: number;
}
