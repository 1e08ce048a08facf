/** Locals of procedures and arguments of calls as values: what they count is told by their names. */
import { letters } from '../outcome';
import type { SpteValue } from '../simulator/events';
import type { Range } from '../simulator/ranges';
import {
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
  'goal',
  'id',
  'inProgress',
  'level',
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
  index: 'page',
  pfn: 'pfn',
  pgoff: 'page',
  permissions: 'permissions',
};

/** What a number counts that is the local, or the part, of that name. */
export function unitOf(name: string, value: number | bigint): Unit {
  if (name === 'errorCode') return 'error-code';
  if (COUNTS.has(name)) return 'count';
  if (typeof value === 'bigint') return 'bytes';
  // Sizes in bytes are bigint: a number is the level of a page.
  return name === 'size' ? 'level' : (UNITS[name] ?? 'pages');
}

function isRange(value: object): value is Range {
  const { start, end } = value as Partial<Range>;
  return typeof start === 'number' && typeof end === 'number' && Object.keys(value).length === 2;
}

const RANGE_UNITS: Readonly<Record<string, RangeValue['unit']>> = { gfns: 'gfn', pfns: 'pfn' };

/** The value of a local, or of a part of one. */
export function localValue(name: string, value: unknown): Value {
  if (value === null || value === undefined) return nothing();
  if (typeof value === 'number' || typeof value === 'bigint') return numberOf(value, unitOf(name, value));
  if (typeof value === 'boolean') return flag(value);
  if (typeof value === 'string') return word(value);
  if (typeof value !== 'object') return word(String(value));
  // What an entry held, and holds.
  if (name === 'from' || name === 'to') return word(letters(value as SpteValue));
  // `slots` holds what `slot` would.
  if (Array.isArray(value)) return listOf(value, (item) => localValue(name.replace(/s$/, ''), item));
  return isRange(value) ? rangeOf(value, RANGE_UNITS[name] ?? 'plain') : { kind: 'local', name, value };
}
