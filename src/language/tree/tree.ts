import type { Diagnostic } from '../diagnostics/diagnostics';
import type { ExpectationKind, Expectations } from '../expectations/expectations';
import type { Quantifier, Violation } from '../expectations/quantifiers';
import type { ChoiceName, ChoiceWord, FlagWord, Keyword } from '../table/statements';
import {
  type ChoicePart,
  type FlagPart,
  isNumberRole,
  type NameRole,
  type NumberRole,
  type OneOfPart,
  type Role,
  type StatementSpec,
} from '../table/syntax';
import type { Span } from './positions';

/** The syntax tree, with the source location of every node. */

export type { Span } from './positions';

/** A number, or an expression. */
export interface NumberNode {
  readonly kind: 'number';
  readonly span: Span;
  /** The source text. */
  readonly text: string;
  /** The value, with addresses and sizes in bytes; null if it is malformed or does not fit in 64 bits. */
  readonly value: bigint | null;
  /** Whether it is written in pages, that is, after `gfn`, `pgoff` or `pages`. */
  readonly inPages: boolean;
  /** Whether it is written as the end of a range, after `..`; its value is then the size of the range. */
  readonly endsRange: boolean;
  /** The constants that it uses. */
  readonly constants: readonly NameNode[];
}

/** A name, or one of the words of a choice. */
export interface NameNode<T extends string = string> {
  readonly kind: 'name';
  readonly span: Span;
  readonly text: T;
}

/** One `with KNOB VARIANT` of the kernel; the variant is null if it is missing. */
export interface KnobNode {
  readonly span: Span;
  readonly knob: NameNode;
  readonly variant: NameNode | null;
}

/**
 * One item of an expectation: `zapped slot 0 gfn 0x80000`, or a further one after a comma, such as `0x80004` or
 * `slot 1 gfn 0x90000`.
 */
export interface ExpectationItem {
  readonly kind: ExpectationKind;
  readonly quantifier: Quantifier;
  /** Null if the quantifier is not written, which means `always`. */
  readonly quantifierSpan: Span | null;
  /** The first word of the expectation, which its items share. */
  readonly word: Span;
  /** Includes the quantifier. */
  readonly span: Span;
  /** The expectation of this item alone. */
  readonly expectations: Expectations;
}

/** A name in an expectation; a slot is named by its id in decimal. */
export interface ExpectedName extends NameNode {
  readonly role: 'file' | 'slot' | 'constant';
}

/** The expectations of a statement. */
export interface ExpectationNode {
  /** From the arrow to the last expectation. */
  readonly span: Span;
  /** What must always hold. */
  readonly expectations: Expectations;
  readonly quantified: readonly QuantifiedExpectation[];
  /** The items of the expectations, in the order of the text. */
  readonly items: readonly ExpectationItem[];
  readonly names: readonly ExpectedName[];
  readonly wellFormed: boolean;
}

/** An item of the expectation of a race, or of a call in or behind one, that need not hold in every order. */
export interface QuantifiedExpectation {
  readonly quantifier: Exclude<Quantifier, 'always'>;
  /** Of one kind. */
  readonly expectations: Expectations;
  readonly span: Span;
}

/** What a race expects of all orders. */
export interface RaceExpectation {
  readonly quantifier: Quantifier;
  readonly what: Violation;
  /** Includes the quantifier. */
  readonly span: Span;
}

/** The expectation of a race, behind its `}`. */
export interface RaceExpectationNode {
  /** From the arrow to the last item. */
  readonly span: Span;
  readonly items: readonly RaceExpectationItem[];
  readonly wellFormed: boolean;
}

export interface RaceExpectationItem extends RaceExpectation {
  /** Null if the quantifier is not written, which means `always`. */
  readonly quantifierSpan: Span | null;
  readonly word: Span;
}

export interface CommentNode {
  readonly span: Span;
  /** Including the `#`, without trailing white space. */
  readonly text: string;
}

export type Numbers = Partial<Record<NumberRole, NumberNode>>;
export type Names = Partial<Record<NameRole, NameNode>>;
export type Choices = { [N in ChoiceName]?: NameNode<ChoiceWord<N>> };

/** One statement. Its records are keyed by the parts in the table; any part may be missing. */
export interface Statement {
  readonly keyword: Keyword;
  readonly spec: StatementSpec<Keyword>;
  /** From the keyword to the last token that belongs to it, including skipped tokens. */
  readonly span: Span;
  /** The same, without its expectations. */
  readonly callSpan: Span;
  readonly keywordSpan: Span;
  readonly numbers: Readonly<Numbers>;
  readonly names: Readonly<Names>;
  /** The labels of numbers and names, such as `gpa` or `gfn`. */
  readonly labels: Readonly<Partial<Record<Role, Span>>>;
  readonly choices: Readonly<Choices>;
  /** The source location of each flag that is given. */
  readonly flags: Readonly<Partial<Record<FlagWord, Span>>>;
  readonly knobs: readonly KnobNode[];
  readonly expectation: ExpectationNode | null;
  /**
   * False if a part is missing, malformed or unexpected: such a statement is not compiled. Errors in the expectations
   * do not count.
   */
  readonly wellFormed: boolean;
}

/** The word given for a choice; undefined if it is missing. */
export function choiceFor(statement: Pick<Statement, 'choices'>, { name }: ChoicePart | OneOfPart) {
  const choices: Readonly<Record<string, NameNode | undefined>> = statement.choices;
  return choices[name];
}

/** The source location of a flag; undefined if it is missing. */
export function flagFor(statement: Pick<Statement, 'flags'>, { word }: FlagPart) {
  const flags: Readonly<Record<string, Span | undefined>> = statement.flags;
  return flags[word];
}

/** The number in a role; undefined if it is missing, and for names. */
export function numberFor({ numbers }: Pick<Statement, 'numbers'>, role: Role) {
  return isNumberRole(role) ? numbers[role] : undefined;
}

/** The name in a role; undefined if it is missing, and for numbers. */
export function nameFor({ names }: Pick<Statement, 'names'>, role: Role) {
  return isNumberRole(role) ? undefined : names[role];
}

/** The owner of a diagnostic: a statement, its expectations, or those of a race. */
export type Owner = Statement | ExpectationNode | RaceExpectationNode;

export type DiagnosticsByOwner = ReadonlyMap<Owner, readonly Diagnostic[]>;

/** A statement with a block in braces: `scenario "title" { … }`, `race { … }`, `task NAME { … }`. */
export interface Block {
  /** From the keyword to the closing brace, or to the last statement in the block; for a race, to its expectation. */
  readonly span: Span;
  /** The statement before the brace. */
  readonly header: Statement;
  /** From the opening to the closing brace. */
  readonly body: Span;
  /** Whether it has its closing brace. */
  readonly closed: boolean;
  /** The statements in it, including those in blocks inside it and the headers of these. */
  readonly statements: readonly Statement[];
}

/** `race { … } => …`. */
export interface RaceBlock extends Block {
  readonly tasks: readonly Block[];
  readonly expectation: RaceExpectationNode | null;
}

export interface Document {
  readonly text: string;
  /** All statements in the order of the text, including those in blocks and the header of each block. */
  readonly statements: readonly Statement[];
  /** The blocks of `scenario`. */
  readonly blocks: readonly Block[];
  readonly races: readonly RaceBlock[];
  /** Everything in braces, also where it is not allowed, in the order of the text: an inner block follows the outer one. */
  readonly braced: readonly Block[];
  readonly comments: readonly CommentNode[];
  /** Text that belongs to no statement. */
  readonly skipped: readonly Span[];
  /** Syntax errors, in the order in which they were found. */
  readonly diagnostics: readonly Diagnostic[];
  /** The same by owner, except those on skipped text. */
  readonly byOwner: DiagnosticsByOwner;
}
