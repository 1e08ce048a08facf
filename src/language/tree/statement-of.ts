import type { ChoiceName, ChoiceWord, FlagWord, Keyword, SpecOf } from '../table/statements';
import {
  type ArgumentPart,
  argumentsIn,
  type ChoicePart,
  type EitherPart,
  type GroupPart,
  type NameRole,
  type NumberRole,
  type RequiredPart,
} from '../table/syntax';
import {
  choiceFor,
  type NameNode,
  type NumberNode,
  nameFor,
  numberFor,
  type Span,
  type Statement,
} from './tree';

/**
 * A complete statement, typed from its row in the table: `StatementOf<'move'>` has the numbers `slot` and `gpa`. The
 * compiler rejects a word of the table that the call has no place for; test/language/compile/parts.test.ts finds a part
 * that nothing reads.
 */

/** A number that has a value. */
export interface KnownNumber extends NumberNode {
  readonly value: bigint;
}

type Required<K extends Keyword> = SpecOf<K>['required'][number];
type Option<K extends Keyword> = SpecOf<K>['options'][number];

/** Roles of required arguments. */
type GivenRole<K extends Keyword> = Extract<Required<K>, ArgumentPart>['role'];

type RoleIn<P> =
  P extends EitherPart<infer L, infer B> ? L | B : P extends GroupPart<infer R, false> ? R : never;

/** Roles of optional arguments; all calls have `until` and `as`. */
type PossibleRole<K extends Keyword> = RoleIn<Required<K> | Option<K>> | 'step' | 'call';

type Arguments<K extends Keyword, R extends string, Node> = {
  readonly [Given in R & GivenRole<K>]: Node;
} & { readonly [Possible in R & Exclude<PossibleRole<K>, GivenRole<K>>]?: Node };

/** Names of required choices. */
type GivenChoice<K extends Keyword> = Extract<Required<K>, ChoicePart>['name'];

type ChoicesOf<K extends Keyword> = {
  readonly [N in GivenChoice<K>]: NameNode<ChoiceWord<N, K>>;
} & { readonly [N in Exclude<ChoiceName<K>, GivenChoice<K>>]?: NameNode<ChoiceWord<N, K>> };

type Statements = {
  readonly [K in Keyword]: Omit<Statement, 'keyword' | 'numbers' | 'names' | 'choices' | 'flags'> & {
    readonly keyword: K;
    readonly numbers: Arguments<K, NumberRole, KnownNumber>;
    readonly names: Arguments<K, NameRole, NameNode>;
    readonly choices: ChoicesOf<K>;
    readonly flags: { readonly [W in FlagWord<K>]?: Span };
  };
};

export type StatementOf<K extends Keyword> = Statements[K];

function isThere(statement: Statement, part: RequiredPart): boolean {
  if (part.kind === 'choice') return choiceFor(statement, part) !== undefined;
  return argumentsIn(part).some(
    ({ role }) => (numberFor(statement, role) ?? nameFor(statement, role)) !== undefined,
  );
}

/** Whether all required parts are present, and each number has a value. */
export function isComplete(statement: Statement): statement is StatementOf<Keyword> {
  return (
    statement.spec.required.every((part) => isThere(statement, part)) &&
    Object.values(statement.numbers).every(({ value }) => value !== null)
  );
}
