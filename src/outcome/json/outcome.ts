/** What a statement did, as data: the keys that are read off its events. Its text adds those of told.ts. */

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
  /** Of a hypercall: gpa, size, attributes and number of exits, for exits that are alike and follow each other. */
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

/** The keys that recordings of real kernels have too; their order is that of the JSON. */
export interface Outcome {
  readonly result: string;
  readonly exit?: ExitRecord;
  readonly left?: string;
  readonly faults: readonly (readonly [gpa: string, errorCode: string])[];
  readonly sptes: readonly SpteRecord[];
  readonly flush: boolean;
  /** Pages that were poisoned: file, first page, number of pages. */
  readonly poisoned?: readonly (readonly [file: string, page: string, pages: number])[];
  /** SIGBUS that the VMM got: slot, and gfn whose userspace address it has. */
  readonly sigbus?: readonly (readonly [slot: number, gfn: string])[];
  /** Changes of the RMP: first pfn, number of pages, level, what they became, ASID. */
  readonly rmp?: readonly RmpRecord[];
  /** What of the direct map is mapped as 4K from now on: first pfn, number of pages. */
  readonly directMap?: readonly (readonly [pfn: string, pages: number])[];
  /** The instruction on the RMP that the statement is about. */
  readonly instruction?: { readonly name: string; readonly result: string; readonly detail?: string };
  /** An exception that the guest got, and the host did not see. */
  readonly guest?: string;
  /** What a TDX guest had accepted and lost: first gfn, number of pages. */
  readonly unaccepted?: readonly (readonly [gfn: string, pages: number])[];
  /** What an access read, once a value was written: four bytes in hex, or `ciphertext`, `given`, `freed`. */
  readonly read?: string;
  /** Of a call that is suspended, where it does or what it waits for, and because of which calls. */
  readonly suspended?: SuspensionRecord;
  /** What the call waited for, and has by now. */
  readonly waited?: readonly string[];
  /** How many changes `sptes` leaves out: they are cut after MAX_SPTES. */
  readonly sptesCut?: number;
}
