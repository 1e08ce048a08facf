/** Shows values of expressions, locals and call arguments as rows. */
import {
  CHANGE_KINDS_OF,
  changedPages,
  type EvaluationContext,
  type FieldValue,
  fieldsOf,
  type ListValue,
  localOf,
  type RangeValue,
  type Unit,
  unitOf,
  type Value,
  type WatchTarget,
} from '../../expressions';
import { counted, errorCodeNames, filePagesText, hex, levelText, rangeText } from '../../outcome';
import { permissionText } from '../../simulator';
import { causeText, isFaultCause } from './fault-cause';
import { bindingNode, fileNode, filePagesNode } from './files';
import { memoryNode } from './host-memory';
import { vcpuNode } from './machine';
import { slotNode } from './memslots';
import { as, branch, leaf, MOST_ITEMS, renamed, shortened, suffixed, type VariableNode } from './node';
import { leafNode, rootNode } from './page-tables';
import { entryNode } from './rmp';
import { vmNode } from './vms';

function numberText(value: number | bigint, unit: Unit): string {
  if (value < 0) return String(value);
  switch (unit) {
    case 'count':
      return String(value);
    case 'level':
      return levelText(Number(value));
    case 'permissions':
      return permissionText(Number(value));
    case 'error-code':
      return `${hex(value)} (${errorCodeNames(BigInt(value))})`;
    case 'plain':
      return value < 10 ? String(value) : `${hex(value)} (${value})`;
    default:
      return hex(value);
  }
}

function rangeValueText({ file, ...range }: RangeValue): string {
  return file === null ? rangeText(range) : `${file} ${filePagesText([range])}`;
}

/** The name of an object of the machine; undefined for values without a name. */
function nameOf(value: Value): string | undefined {
  switch (value.kind) {
    case 'file':
      return value.file.name;
    case 'slot':
    case 'root':
    case 'vcpu':
    case 'vm':
    case 'memory':
    case 'leaf':
    case 'rmp-entry':
    case 'file-pages':
    case 'binding':
      return thingNode(value).name;
    default:
      return undefined;
  }
}

function isPlain({ kind }: Value): boolean {
  return kind === 'number' || kind === 'word' || kind === 'flag';
}

/** A list on one line: the names of its objects, or the entry if it is a single run. */
function listText({ count, at }: ListValue): string {
  if (count === 0) return 'none';
  const items = Array.from({ length: Math.min(count, MOST_ITEMS) }, (_, index) => at(index));
  const [first] = items;
  if (count === 1 && (first?.kind === 'leaf' || first?.kind === 'rmp-entry')) return textOf(first);
  const texts = items.map((item) => nameOf(item) ?? (item.kind === 'range' ? textOf(item) : undefined));
  if (texts.every((text) => text !== undefined)) return shortened(texts, count);
  return items.every(isPlain) ? `[${shortened(items.map(textOf), count)}]` : counted(count, 'item');
}

function fieldText({ name, value }: FieldValue): string {
  if (value.kind === 'record' || value.kind === 'local') return `${name} …`;
  const isEntry = value.kind === 'leaf' || value.kind === 'rmp-entry';
  const text = (isEntry ? undefined : nameOf(value)) ?? textOf(value);
  // `slot 1` already contains its name.
  return text.startsWith(`${name} `) ? text : `${name} ${text}`;
}

function fieldsText(fields: readonly FieldValue[]): string {
  return fields.map(fieldText).join(', ');
}

function recordText(value: Value): string {
  if (value.kind === 'local' && isFaultCause(value.value)) return causeText(value.value);
  return fieldsText(fieldsOf(value));
}

/** A value on one line. */
export function textOf(value: Value): string {
  return valueNode('', value).value;
}

function listNode(name: string, value: ListValue): VariableNode {
  const text = listText(value);
  if (value.count === 0) return leaf(name, text);
  const node = (index: number): VariableNode => {
    const item = value.at(index);
    return suffixed(`[${index}]`, valueNode(nameOf(item) ?? String(index), item));
  };
  return { name, value: text, children: { kind: 'indexed', count: value.count, node } };
}

/** A row for a value; lists, records and objects of the machine can be expanded. */
export function valueNode(name: string, value: Value): VariableNode {
  switch (value.kind) {
    case 'number':
      return leaf(name, numberText(value.value, value.unit));
    case 'range':
      return leaf(name, rangeValueText(value));
    case 'flag':
    case 'none':
      return leaf(name, value.text);
    case 'word':
      return leaf(name, value.text === '' ? '(empty)' : value.text);
    case 'list':
      return listNode(name, value);
    case 'record':
    case 'local':
      return branch(name, recordText(value), () => fieldNodes(fieldsOf(value)));
    default:
      return renamed(name, thingNode(value));
  }
}

type Thing = Exclude<
  Value,
  { readonly kind: 'number' | 'range' | 'flag' | 'none' | 'word' | 'list' | 'record' | 'local' }
>;

/** The row of an object of the machine, the same in all views. */
function thingNode(value: Thing): VariableNode {
  switch (value.kind) {
    case 'slot':
      return slotNode(value, value.slot);
    case 'file':
      return fileNode(value.file, value.state);
    case 'root':
      return rootNode(value.vm, value.root);
    case 'leaf':
      return leafNode(value.vm, value.leaf);
    case 'vcpu':
      return vcpuNode(value.vcpu, value.id, value.vm);
    case 'vm':
      return vmNode(value.state, value.vm, value.isCurrent);
    case 'memory':
      return memoryNode(value.memory);
    case 'rmp-entry':
      return entryNode(value.state, value.entry);
    case 'file-pages':
      return filePagesNode(value.file, value.pages);
    case 'binding':
      return bindingNode(value.bound);
  }
}

/** A row for each field of a record. */
function fieldNodes(fields: readonly FieldValue[]): readonly VariableNode[] {
  return fields.map(({ name, value }) => suffixed(`.${name}`, valueNode(name, value)));
}

/** A row for a local. Numbers are the most common case and are formatted directly. */
function localNode(evaluation: EvaluationContext, name: string): VariableNode {
  const { locals } = evaluation;
  const local = locals[name];
  if (typeof local === 'number' && name !== 'file') return leaf(name, numberText(local, unitOf(name, local)));
  const value = localOf(evaluation, name);
  const row = valueNode(name, value);
  return value.kind === 'file' ? { ...row, value: value.file.name } : row;
}

/** A row for each local of a frame or argument of a call; its expression is its name. */
export function localNodes(evaluation: EvaluationContext): readonly VariableNode[] {
  return Object.keys(evaluation.locals).map((name) => as(name, localNode(evaluation, name)));
}

/** Rows for the statement's changes to a watch target so far: the three most useful kinds. */
export function changeRows(target: WatchTarget, evaluation: EvaluationContext): readonly VariableNode[] {
  return CHANGE_KINDS_OF[target.kind].slice(0, 3).map((what) => {
    return suffixed(`.${what}`, valueNode(what, changedPages(target, what, evaluation)));
  });
}
