/** Locals of procedures and arguments of calls as values. Their names determine their units. */
import { letters } from '../outcome';
import { isSeqSnapshot, type Lock, lockName, type Range, type Slot, type SpteValue } from '../simulator';
import { currentVmOf, type EvaluationContext } from './evaluation-context';
import {
  type FieldValue,
  flag,
  listOf,
  nothing,
  numberOf,
  type RangeValue,
  rangeOf,
  type Unit,
  type Value,
  word,
} from './value';

/** Numbers that name or count something. */
const COUNTS: ReadonlySet<string> = new Set([
  'asid',
  'caller',
  'count',
  'file',
  'generation',
  'id',
  'inProgress',
  'memory',
  'next',
  'root',
  'seq',
  'slot',
  'task',
  'vcpu',
  'vcpus',
  'vm',
  'vmpl',
]);

const UNITS: Readonly<Record<string, Unit>> = {
  baseGfn: 'gfn',
  gfn: 'gfn',
  goal: 'level',
  index: 'page',
  level: 'level',
  maxLevel: 'level',
  pfn: 'pfn',
  pgoff: 'page',
  permissions: 'permissions',
};

/** The unit of a number in the local or field of that name. */
export function unitOf(name: string, value: number | bigint): Unit {
  if (name === 'errorCode') return 'error-code';
  if (COUNTS.has(name)) return 'count';
  if (typeof value === 'bigint') return 'bytes';
  // Sizes in bytes are bigint; a plain number is a page level.
  return name === 'size' ? 'level' : (UNITS[name] ?? 'pages');
}

function isRange(value: object): value is Range {
  const { start, end } = value as Partial<Range>;
  return typeof start === 'number' && typeof end === 'number' && Object.keys(value).length === 2;
}

const RANGE_UNITS: Readonly<Record<string, RangeValue['unit']>> = { gfns: 'gfn', pfns: 'pfn' };

/**
 * The value of a local or of one of its fields.
 *
 * @param gfn First gfn of the pages it describes; undefined if it describes none.
 */
export function localValue(name: string, value: unknown, gfn?: number): Value {
  if (value === null || value === undefined) return nothing();
  if (typeof value === 'number' || typeof value === 'bigint') return numberOf(value, unitOf(name, value));
  if (typeof value === 'boolean') return flag(value);
  if (typeof value === 'string') return word(value);
  if (typeof value !== 'object') return word(String(value));
  // The old and the new value of an entry.
  if (name === 'from' || name === 'to') return word(letters(value as SpteValue));
  if (name === 'lock') return word(lockName(value as Lock));
  // `slots` is a list of what `slot` holds.
  if (Array.isArray(value)) return listOf(value, (item) => localValue(name.replace(/s$/, ''), item, gfn));
  if (isSeqSnapshot(value)) return numberOf(value.seq, 'count');
  return isRange(value) ? rangeOf(value, RANGE_UNITS[name] ?? 'plain') : { kind: 'local', value, gfn };
}

/**
 * The value of the local of that name in a frame. Procedures hold a file by its id, as the kernel does by a pointer, and the
 * slot of a fault as it was when the fault found it.
 */
export function localOf(context: Pick<EvaluationContext, 'locals' | 'state' | 'vmId'>, name: string): Value {
  const { locals, state } = context;
  const value = locals[name];
  if (name === 'memslot' && value !== null) {
    return { kind: 'slot', slot: value as Slot, ...currentVmOf(context) };
  }
  const file = name === 'file' ? state.files.find(({ id }) => id === value) : undefined;
  if (file !== undefined) return { kind: 'file', file, state };
  return localValue(name, value, typeof locals.gfn === 'number' ? locals.gfn : undefined);
}

/** A field of a local. Runs of pages store pfn minus gfn; this shows the pfn instead. */
export function localField(name: string, value: unknown, gfn: number | undefined): FieldValue {
  if (name !== 'frame' || gfn === undefined) return { name, value: localValue(name, value, gfn) };
  return { name: 'pfn', value: value === 'zero' ? word('zero page') : numberOf(gfn + Number(value), 'pfn') };
}
