/** Locals of procedures and arguments of calls, whatever they are. */
import { errorCodeNames, hex, levelText, rangeText } from '../../outcome';
import { permissionText } from '../../simulator/model/guest';
import type { Range } from '../../simulator/ranges';
import { causeText, isFaultCause } from './fault-cause';
import { branch, leaf, list, type VariableNode } from './node';

/** Numbers that name or count something; every other number is a page number or a count of pages. */
const DECIMAL: ReadonlySet<string> = new Set([
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
  'target',
  'task',
  'times',
  'vcpu',
  'vcpus',
  'vm',
  'vmpl',
]);

function numberText(name: string, value: number | bigint): string {
  if (name === 'errorCode' && typeof value === 'bigint') return `${hex(value)} (${errorCodeNames(value)})`;
  if (name === 'permissions' && typeof value === 'number') return permissionText(value);
  // Sizes in bytes are bigint: a number is the level of a page.
  if (name === 'size' && typeof value === 'number') return levelText(value);
  return DECIMAL.has(name) || value < 0 ? String(value) : hex(value);
}

function isRange(value: object): value is Range {
  const { start, end } = value as Partial<Range>;
  return typeof start === 'number' && typeof end === 'number' && Object.keys(value).length === 2;
}

function recordText(value: object): string {
  const parts = Object.entries(value).map(([name, part]) => {
    const nested = typeof part === 'object' && part !== null && !isRange(part);
    return `${name} ${nested ? '…' : valueNode(name, part).value}`;
  });
  return parts.join(', ');
}

/** A row for a value; lists and records can be opened. */
export function valueNode(name: string, value: unknown): VariableNode {
  if (value === null || value === undefined) return leaf(name, 'none');
  if (typeof value === 'number' || typeof value === 'bigint') return leaf(name, numberText(name, value));
  if (typeof value === 'string') return leaf(name, value === '' ? '(empty)' : value);
  if (typeof value !== 'object') return leaf(name, String(value));
  if (Array.isArray(value)) {
    // `slots` holds what `slot` would.
    const one = name.replace(/s$/, '');
    const texts = value.map((item) => valueNode(one, item).value);
    return list(name, `[${texts.join(', ')}]`, value, (item, index) => ({
      ...valueNode(one, item),
      name: String(index),
    }));
  }
  if (isRange(value)) return leaf(name, rangeText(value));
  const text = isFaultCause(value) ? causeText(value) : recordText(value);
  return branch(name, text, () => recordNodes(value));
}

/** A row for each part of a record. */
export function recordNodes(value: object): readonly VariableNode[] {
  return Object.entries(value).map(([name, part]) => valueNode(name, part));
}
