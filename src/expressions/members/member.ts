/** How members are defined: what can follow a dot. */
import type { EvaluationContext } from '../evaluation-context';
import type { Kind, Value, ValueOf } from '../value';

/** A value, or a sentence that says why there is none. */
export type Found = Value | { readonly problem: string };

/** A name, or a member after a dot, with its documentation. */
export interface Described {
  readonly name: string;
  /** A short description. */
  readonly doc: string;
}

/** A member of values of one kind. */
export interface Member<K extends Kind> extends Described {
  readonly of: (value: ValueOf<K>, context: EvaluationContext) => Found;
  readonly parameters?: undefined;
}

export interface Method<K extends Kind> extends Described {
  readonly parameters: readonly string[];
  /** Number of trailing parameters that are optional. */
  readonly optional?: number;
  readonly call: (value: ValueOf<K>, args: readonly Value[], context: EvaluationContext) => Found;
}

export type MemberTable<K extends Kind> = readonly (Member<K> | Method<K>)[];

export function member<K extends Kind>(
  name: string,
  doc: string,
  of: (value: ValueOf<K>, context: EvaluationContext) => Found,
): Member<K> {
  return { name, doc, of };
}
