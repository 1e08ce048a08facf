/** How the parts of a value are written down: what stands behind a dot. */
import type { EvaluationContext } from '../evaluation-context';
import type { Kind, Value, ValueOf } from '../value';

/** A value, or in a sentence why there is none. */
export type Found = Value | { readonly problem: string };

/** Something with a name behind a dot, or by itself. */
export interface Described {
  readonly name: string;
  /** What it is, in a few words. */
  readonly doc: string;
}

/** A part of values of one kind; with `parameters`, it is called: `A.page(0x1ff)`. */
export interface Member<K extends Kind> extends Described {
  readonly of: (value: ValueOf<K>, context: EvaluationContext) => Found;
  readonly parameters?: undefined;
}

export interface Method<K extends Kind> extends Described {
  readonly parameters: readonly string[];
  /** How many of the parameters may be left out, from the last. */
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
