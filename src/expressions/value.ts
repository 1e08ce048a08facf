/**
 * What an expression comes to: numbers with their unit, words, ranges, lists, and the things of the simulated
 * machine themselves. How they look is the debugger's business.
 */
import type { Extent } from '../simulator/ranges';
import type { RmpEntry } from '../simulator/rmp/entry';
import type {
  FilePages,
  GmemFile,
  HostMemory,
  Leaf,
  Root,
  Slot,
  State,
  Vcpu,
  VmState,
} from '../simulator/state';
import type { Watch } from './places';

/**
 * What a number counts. `page` is a page of a file or of userspace memory, by its index; `bytes` are addresses and
 * sizes alike, as scenarios have them; `count` numbers or counts things. A `plain` number was typed, and `pages` are
 * locals that may be page numbers of any kind: both take the unit of whatever they meet.
 */
export type Unit =
  | 'plain'
  | 'pages'
  | 'count'
  | 'gfn'
  | 'pfn'
  | 'page'
  | 'bytes'
  | 'level'
  | 'error-code'
  | 'permissions';

export interface NumberValue {
  readonly kind: 'number';
  readonly value: bigint;
  readonly unit: Unit;
}

/** Pages `[start, end)`. */
export interface RangeValue {
  readonly kind: 'range';
  readonly start: number;
  readonly end: number;
  readonly unit: 'gfn' | 'pfn' | 'page' | 'plain';
  /** The file that pages are of. */
  readonly file: string | null;
}

/** Its items are made when they are asked for. */
export interface ListValue {
  readonly kind: 'list';
  readonly count: number;
  readonly at: (index: number) => Value;
  /** What a data breakpoint on the list as a whole watches. */
  readonly watch: Watch | null;
}

export interface FieldValue {
  readonly name: string;
  readonly value: Value;
}

export type Value =
  | NumberValue
  | RangeValue
  | ListValue
  | { readonly kind: 'flag'; readonly value: boolean; readonly text: string }
  | { readonly kind: 'word'; readonly text: string }
  | { readonly kind: 'none'; readonly text: string }
  | { readonly kind: 'record'; readonly fields: readonly FieldValue[]; readonly watch: Watch | null }
  /**
   * A value of the simulator that has no kind of its own here: locals of procedures hold them. `gfn`: where the pages
   * begin that it is about; undefined where it is about none.
   */
  | { readonly kind: 'local'; readonly value: object; readonly gfn?: number | undefined }
  | { readonly kind: 'slot'; readonly slot: Slot; readonly state: State; readonly vm: VmState }
  | { readonly kind: 'file'; readonly file: GmemFile; readonly state: State }
  | { readonly kind: 'root'; readonly root: Root; readonly state: State; readonly vm: VmState }
  | {
      readonly kind: 'vcpu';
      readonly vcpu: Vcpu;
      readonly id: number;
      readonly state: State;
      readonly vm: VmState;
    }
  /** `isDefault`: names and addresses without a VM are of it. */
  | { readonly kind: 'vm'; readonly vm: VmState; readonly state: State; readonly isDefault: boolean }
  | { readonly kind: 'memory'; readonly memory: HostMemory }
  /** A run of pages that a file has. */
  | { readonly kind: 'file-pages'; readonly file: GmemFile; readonly pages: Extent<FilePages> }
  /** Pages of a file that are bound to a slot. */
  | {
      readonly kind: 'binding';
      readonly file: GmemFile;
      readonly bound: Extent<number>;
      readonly state: State;
    }
  /** A run of equal leaf entries. */
  | { readonly kind: 'leaf'; readonly leaf: Extent<Leaf>; readonly state: State; readonly vm: VmState }
  /** A run of equal entries of the RMP; pfns. */
  | { readonly kind: 'rmp-entry'; readonly entry: Extent<RmpEntry>; readonly state: State };

export type Kind = Value['kind'];
export type ValueOf<K extends Kind> = Extract<Value, { readonly kind: K }>;

/** A VM, as the scene with that state and default VM has it. */
export function vmValue(
  vm: VmState,
  { state, vmId }: { readonly state: State; readonly vmId: number },
): ValueOf<'vm'> {
  return { kind: 'vm', vm, state, isDefault: vm.id === vmId };
}

export function numberOf(value: number | bigint, unit: Unit): NumberValue {
  return { kind: 'number', value: BigInt(value), unit };
}

export function flag(value: boolean): Value {
  return { kind: 'flag', value, text: String(value) };
}

export function yesNo(value: boolean): Value {
  return { kind: 'flag', value, text: value ? 'yes' : 'no' };
}

export function word(text: string): Value {
  return { kind: 'word', text };
}

/** Nothing is there; `text` says so in other words than `none` where that is needed. */
export function nothing(text = 'none'): Value {
  return { kind: 'none', text };
}

export function rangeOf(
  { start, end }: { readonly start: number; readonly end: number },
  unit: RangeValue['unit'],
  file: string | null = null,
): RangeValue {
  return { kind: 'range', start, end, unit, file };
}

export function listOf<T>(
  items: readonly T[],
  value: (item: T) => Value,
  watch: Watch | null = null,
): ListValue {
  return { kind: 'list', count: items.length, at: (index) => value(items[index]!), watch };
}

const KINDS: Readonly<Record<Kind, string>> = {
  number: 'a number',
  range: 'a range',
  list: 'a list',
  flag: 'true or false',
  word: 'a word',
  none: 'nothing',
  record: 'a record',
  local: 'a record',
  slot: 'a slot',
  file: 'a file',
  root: 'a root',
  vcpu: 'a vCPU',
  vm: 'a VM',
  memory: 'userspace memory',
  'file-pages': 'pages of a file',
  binding: 'a binding',
  leaf: 'a leaf SPTE',
  'rmp-entry': 'an RMP entry',
};

const UNITS: Readonly<Record<Unit, string>> = {
  plain: 'a number',
  pages: 'a number',
  count: 'a number',
  gfn: 'a gfn',
  pfn: 'a pfn',
  page: 'a page of a file',
  bytes: 'a number of bytes',
  level: 'a level',
  'error-code': 'an error code',
  permissions: 'permissions',
};

/** `a number of bytes`, `a slot`: completes a sentence about what a value is. */
export function kindText(value: Value): string {
  if (value.kind !== 'number') return KINDS[value.kind];
  return UNITS[value.unit];
}

/** Whether a condition with this value holds: everything does but 0, false, nothing and what is empty. */
export function holds(value: Value): boolean {
  switch (value.kind) {
    case 'number':
      return value.value !== 0n;
    case 'flag':
      return value.value;
    case 'none':
      return false;
    case 'list':
      return value.count > 0;
    case 'range':
      return value.end > value.start;
    default:
      return true;
  }
}
