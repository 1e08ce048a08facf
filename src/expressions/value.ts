/**
 * Values of expressions: numbers with their unit, words, ranges, lists, and objects of the simulated machine.
 * The debugger formats them.
 */
import {
  type BoundSlot,
  type Extent,
  elementAt,
  type FilePages,
  type GmemFile,
  type HostMemory,
  type Leaf,
  type RmpEntry,
  type Root,
  type Slot,
  type State,
  type Vcpu,
  type VmState,
} from '../simulator';
import type { Watch } from './watch-target';

/**
 * The unit of a number. `page` is an index into a file or userspace memory; `bytes` are addresses and sizes;
 * `count` is an id or a count. A `plain` number was typed, and `pages` are locals that may be page numbers of any
 * kind: both adopt the unit of the other operand.
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
  /** The file the pages belong to. */
  readonly file: string | null;
}

/** Items are created lazily. */
export interface ListValue {
  readonly kind: 'list';
  readonly count: number;
  readonly at: (index: number) => Value;
  /** What a data breakpoint on the whole list watches. */
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
   * A simulator value without a kind of its own, held by locals of procedures. `gfn` is the first gfn of the pages
   * it describes; undefined if it describes none.
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
  /** `isCurrent`: whether names and addresses without a VM refer to it. */
  | { readonly kind: 'vm'; readonly vm: VmState; readonly state: State; readonly isCurrent: boolean }
  | { readonly kind: 'memory'; readonly memory: HostMemory }
  /** A run of allocated pages of a file. */
  | { readonly kind: 'file-pages'; readonly file: GmemFile; readonly pages: Extent<FilePages> }
  /** File pages that are bound to a slot. */
  | {
      readonly kind: 'binding';
      readonly file: GmemFile;
      readonly bound: Extent<BoundSlot>;
      readonly state: State;
    }
  /** A run of equal leaf entries. */
  | { readonly kind: 'leaf'; readonly leaf: Extent<Leaf>; readonly state: State; readonly vm: VmState }
  /** A run of equal RMP entries; the range holds pfns. */
  | { readonly kind: 'rmp-entry'; readonly entry: Extent<RmpEntry>; readonly state: State };

export type Kind = Value['kind'];
export type ValueOf<K extends Kind> = Extract<Value, { readonly kind: K }>;

/** A VM as a value, in a context with that state and current VM. */
export function vmValue(
  vm: VmState,
  { state, vmId }: { readonly state: State; readonly vmId: number },
): ValueOf<'vm'> {
  return { kind: 'vm', vm, state, isCurrent: vm.id === vmId };
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

/** An empty value; `text` replaces `none` if needed. */
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
  return { kind: 'list', count: items.length, at: (index) => value(elementAt(items, index)), watch };
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

/** `a number of bytes`, `a slot`: the kind of a value, for use in a sentence. */
export function kindText(value: Value): string {
  if (value.kind !== 'number') return KINDS[value.kind];
  return UNITS[value.unit];
}

/** Whether a condition with this value holds: everything except 0, false, none and empty lists or ranges. */
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
