/** The members of values, by kind. */

import type { EvaluationContext } from '../evaluation-context';
import { localField } from '../locals';
import type { FieldValue, Kind, Value } from '../value';
import { LIST_MEMBERS, RANGE_MEMBERS, watchTargetMember, watchTargetMembers } from './general';
import type { Described, Found, Member, Method } from './member';
import { BINDING_MEMBERS, FILE_MEMBERS, FILE_PAGES_MEMBERS, MEMORY_MEMBERS, SLOT_MEMBERS } from './memory';
import { LEAF_MEMBERS, ROOT_MEMBERS, VCPU_MEMBERS } from './page-tables';
import { RMP_MEMBERS, VM_MEMBERS } from './rmp';

type AnyMember = Member<Kind> | Method<Kind>;

/** A table is only used for values of its own kind. */
const TABLES = {
  slot: SLOT_MEMBERS,
  file: FILE_MEMBERS,
  'file-pages': FILE_PAGES_MEMBERS,
  binding: BINDING_MEMBERS,
  memory: MEMORY_MEMBERS,
  root: ROOT_MEMBERS,
  leaf: LEAF_MEMBERS,
  vcpu: VCPU_MEMBERS,
  'rmp-entry': RMP_MEMBERS,
  vm: VM_MEMBERS,
  range: RANGE_MEMBERS,
  list: LIST_MEMBERS,
} as unknown as Readonly<Partial<Record<Kind, readonly AnyMember[]>>>;

/** The fields of a record or of a simulator value. */
export function fieldsOf(value: Value): readonly FieldValue[] {
  if (value.kind === 'record') return value.fields;
  if (value.kind !== 'local') return [];
  return Object.entries(value.value).map(([name, part]) => localField(name, part, value.gfn));
}

/** Everything that can follow a dot. */
export function membersOf(
  value: Value,
  context: EvaluationContext,
): readonly (Described & { readonly called: boolean })[] {
  const table = (TABLES[value.kind] ?? []).map(({ name, doc, parameters }) => {
    return { name, doc, called: parameters !== undefined };
  });
  const fields = fieldsOf(value).map(({ name }) => ({ name, doc: '', called: false }));
  const targets = watchTargetMembers(value, context).map((one) => ({ ...one, called: false }));
  return [...fields, ...table, ...targets];
}

/** The member of that name, a value or a method; undefined if there is none. */
export function memberOf(
  value: Value,
  name: string,
  context: EvaluationContext,
): Found | Method<Kind> | undefined {
  const field = fieldsOf(value).find((candidate) => candidate.name === name);
  if (field !== undefined) return field.value;
  const found = TABLES[value.kind]?.find((candidate) => candidate.name === name);
  if (found === undefined) return watchTargetMember(value, name, context);
  return found.parameters === undefined ? found.of(value as never, context) : found;
}
