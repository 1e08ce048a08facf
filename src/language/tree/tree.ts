import type { Diagnostic } from '../diagnostics/diagnostics';
import type { ExpectationKind, Expectations } from '../expectations/expectations';
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

/** The syntax tree: what the parser found, with the place of everything. */

export type { Span } from './positions';

/** A number, or an expression in the place of one. */
export interface NumberNode {
  readonly kind: 'number';
  readonly span: Span;
  /** As it is written. */
  readonly text: string;
  /** What it is worth, addresses and sizes in bytes; null where it is malformed or does not fit in 64 bits. */
  readonly value: bigint | null;
  /** Written as a number of pages: behind `gfn`, `pgoff` or `pages`. */
  readonly inPages: boolean;
  /** Written as the end of a range, behind `..`: its value is the size of the range. */
  readonly endsRange: boolean;
  /** Constants that it uses. */
  readonly constants: readonly NameNode[];
}

/** A name, or one of the words of a choice. */
export interface NameNode<T extends string = string> {
  readonly kind: 'name';
  readonly span: Span;
  readonly text: T;
}

/** One `with KNOB VARIANT` of the kernel; the variant is null where it is missing. */
export interface KnobNode {
  readonly span: Span;
  readonly knob: NameNode;
  readonly variant: NameNode | null;
}

/**
 * One item of an outcome: `zapped slot 0 gfn 0x80000`, and what follows it behind a comma in the same expectation, as `0x80004`
 * or `slot 1 gfn 0x90000`.
 */
export interface ExpectationNode {
  readonly kind: ExpectationKind;
  /** What the expectation begins with; the items of one expectation have it in common. */
  readonly word: Span;
  readonly span: Span;
  /** What this item expectations by itself. */
  readonly expectations: Expectations;
}

/** Something that an outcome names: a slot by its id in decimal. */
export interface ExpectedName extends NameNode {
  readonly role: 'file' | 'slot' | 'constant';
}

/** What a statement is expected to do. */
export interface OutcomeNode {
  /** From the arrow to the last expectation. */
  readonly span: Span;
  readonly expectations: Expectations;
  /** The items of the expectations, in the order of the text. */
  readonly items: readonly ExpectationNode[];
  readonly names: readonly ExpectedName[];
  readonly wellFormed: boolean;
}

export interface CommentNode {
  readonly span: Span;
  /** With its `#`, without white space at its end. */
  readonly text: string;
}

export type Numbers = Partial<Record<NumberRole, NumberNode>>;
export type Names = Partial<Record<NameRole, NameNode>>;
export type Choices = { [N in ChoiceName]?: NameNode<ChoiceWord<N>> };

/** One statement. Records are keyed by its parts in the table; anything may be missing from them. */
export interface Statement {
  readonly keyword: Keyword;
  readonly spec: StatementSpec<Keyword>;
  /** From the keyword to the last token that belongs to it, skipped ones included. */
  readonly span: Span;
  /** The same without what is expected of it. */
  readonly callSpan: Span;
  readonly keywordSpan: Span;
  readonly numbers: Readonly<Numbers>;
  readonly names: Readonly<Names>;
  /** The labels of numbers and names, as `gpa` or `gfn`; of those that have one. */
  readonly labels: Readonly<Partial<Record<Role, Span>>>;
  readonly choices: Readonly<Choices>;
  /** The place of each that is there. */
  readonly flags: Readonly<Partial<Record<FlagWord, Span>>>;
  readonly knobs: readonly KnobNode[];
  readonly outcome: OutcomeNode | null;
  /**
   * False where something is missing, malformed or left over: such a statement is not compiled. What stands behind `=>`
   * has no say in it.
   */
  readonly wellFormed: boolean;
}

/** The word that stands for a choice; undefined where it is missing. */
export function choiceFor(statement: Pick<Statement, 'choices'>, { name }: ChoicePart | OneOfPart) {
  const choices: Readonly<Record<string, NameNode | undefined>> = statement.choices;
  return choices[name];
}

/** The place of a flag; undefined where it is missing. */
export function flagFor(statement: Pick<Statement, 'flags'>, { word }: FlagPart) {
  const flags: Readonly<Record<string, Span | undefined>> = statement.flags;
  return flags[word];
}

/** The number in a role; undefined where it is missing, and for names. */
export function numberFor({ numbers }: Pick<Statement, 'numbers'>, role: Role) {
  return isNumberRole(role) ? numbers[role] : undefined;
}

/** The name in a role; undefined where it is missing, and for numbers. */
export function nameFor({ names }: Pick<Statement, 'names'>, role: Role) {
  return isNumberRole(role) ? undefined : names[role];
}

/** What a diagnostic belongs to: a statement and its call, or what is expected of it. */
export type Owner = Statement | OutcomeNode;

export type DiagnosticsByOwner = ReadonlyMap<Owner, readonly Diagnostic[]>;

/** `scenario "title" { … }`. */
export interface Block {
  /** From the keyword to the brace that closes it, or to the last statement in it. */
  readonly span: Span;
  /** The statement `scenario` with its title. */
  readonly header: Statement;
  /** From the brace that opens it to the one that closes it. */
  readonly body: Span;
  readonly statements: readonly Statement[];
}

export interface Document {
  readonly text: string;
  /** All of them in the order of the text, those in blocks and the `scenario` of each block included. */
  readonly statements: readonly Statement[];
  readonly blocks: readonly Block[];
  readonly comments: readonly CommentNode[];
  /** Text that belongs to no statement. */
  readonly skipped: readonly Span[];
  /** Of the syntax, in the order in which they were found. */
  readonly diagnostics: readonly Diagnostic[];
  /** The same, but for those of skipped text. */
  readonly byOwner: DiagnosticsByOwner;
}
