import type { Diagnostic } from './diagnostics';
import type { Keyword } from './statements';
import type { StatementSpec } from './syntax';

/** The syntax tree: what the parser found, with the place of everything. */

/** Half open range of UTF-16 offsets. */
export interface Span {
  readonly start: number;
  readonly end: number;
}

/** A number as written and what it is worth; null where it is malformed or over 64 bits. */
export interface NumberNode {
  readonly kind: 'number';
  readonly span: Span;
  readonly text: string;
  readonly value: bigint | null;
}

/** A name, or one of the words of a choice. */
export interface NameNode {
  readonly kind: 'name';
  readonly span: Span;
  readonly text: string;
}

/** One `with KNOB VARIANT` of the kernel; the variant is null where it is missing. */
export interface KnobNode {
  readonly span: Span;
  readonly knob: NameNode;
  readonly variant: NameNode | null;
}

/** Text after `=>`, to the end of the line. */
export interface OutcomeNode {
  /** From the arrow on. */
  readonly span: Span;
  readonly text: string;
}

export interface CommentNode {
  readonly span: Span;
  /** With its `#`, without white space at its end. */
  readonly text: string;
}

/** One statement. Records are keyed by the names of its parts in the table. */
export interface Statement {
  readonly keyword: Keyword;
  readonly spec: StatementSpec<Keyword>;
  /** From the keyword to the last token that belongs to it, skipped ones included. */
  readonly span: Span;
  readonly keywordSpan: Span;
  /** `gpa`, `size`, `offset`, `slot`, `vcpu`, `count`, `vm-number`, `vmpl`, `asid`. */
  readonly numbers: Readonly<Record<string, NumberNode>>;
  /** `file`, `kernel`, `vm`, `permissions`. */
  readonly names: Readonly<Record<string, NameNode>>;
  /** `access`, `to`, `action`, `as`, `type`. */
  readonly choices: Readonly<Record<string, NameNode>>;
  /** `mmap`, `init-shared`, `huge`, `readonly`, `thp`, `vmsa`, `immutable`: the place of each that is there. */
  readonly flags: Readonly<Record<string, Span>>;
  readonly knobs: readonly KnobNode[];
  readonly outcome: OutcomeNode | null;
  /** False where something is missing, malformed or left over: such a statement is not compiled. */
  readonly wellFormed: boolean;
}

export interface Document {
  readonly text: string;
  readonly statements: readonly Statement[];
  readonly comments: readonly CommentNode[];
  /** Text that belongs to no statement. */
  readonly skipped: readonly Span[];
  readonly diagnostics: readonly Diagnostic[];
}
