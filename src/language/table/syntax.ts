/**
 * Types that describe the syntax of a statement as data. They drive the parser, its messages, completion, hovers, the
 * TextMate grammar and the reference.
 */

/** The meaning of a number. */
const NUMBER_ROLES = [
  'gpa',
  'size',
  'offset',
  'slot',
  'vcpu',
  'count',
  'vm-number',
  'vmpl',
  'at-vmpl',
  'asid',
  'value',
  'source',
  'converts',
] as const;

export type NumberRole = (typeof NUMBER_ROLES)[number];

/** The meaning of a name; a title is a name, too. */
export type NameRole =
  | 'file'
  | 'kernel'
  | 'vm'
  | 'knob'
  | 'variant'
  | 'permissions'
  | 'constant'
  | 'title'
  | 'call'
  | 'step'
  | 'task';

/** The meaning of an argument; decides how it is read and what completion offers for it. */
export type Role = NumberRole | NameRole;

export function isNumberRole(role: Role): role is NumberRole {
  return (NUMBER_ROLES as readonly Role[]).includes(role);
}

/** The label to use instead if the argument counts pages of 4K. */
const PAGE_LABELS: Readonly<Partial<Record<Role, string>>> = { gpa: 'gfn', offset: 'pgoff', size: 'pages' };

/** A value, with its label if it has one: `size 2M`, or just `A`. */
export interface ArgumentPart<R extends Role = Role> {
  readonly kind: 'argument';
  /** Also its key in the statement's `numbers` or `names`. */
  readonly role: R;
  readonly label: string | null;
  /** Completes "expected …": `the slot's size`. */
  readonly what: string;
  /** As written in a scenario, label included: `size 2M`. */
  readonly example: string;
  /** Whether the argument defines what it names, so that later uses refer to it. */
  readonly defines: boolean;
}

/** An argument with a label. */
export type LabelledPart<R extends Role = Role> = ArgumentPart<R> & { readonly label: string };

/** One of a few words: `read` or `write`. */
export interface ChoicePart<N extends string = string, W extends string = string> {
  readonly kind: 'choice';
  /** Key in the statement's `choices`. */
  readonly name: N;
  readonly what: string;
  readonly words: readonly WordDoc<W>[];
}

/** One of two arguments, told apart by the label of the first: `slot 0`, or just `A`. */
export interface EitherPart<L extends Role = Role, B extends Role = Role> {
  readonly kind: 'either';
  readonly labelled: LabelledPart<L>;
  readonly bare: ArgumentPart<B>;
}

/** An optional word: `readonly`. */
export interface FlagPart<W extends string = string> {
  readonly kind: 'flag';
  /** Also its key in the statement's `flags`. */
  readonly word: W;
  readonly doc: string;
}

/** Optionally one of a few words: `private` or `shared`. */
export interface OneOfPart<N extends string = string, W extends string = string> {
  readonly kind: 'one-of';
  /** Key in the statement's `choices`. */
  readonly name: N;
  readonly doc: string;
  readonly words: readonly WordDoc<W>[];
}

/** Optional arguments that begin with the label of the first: `gmem A offset 0`. */
export interface GroupPart<R extends Role = Role, Repeated extends boolean = boolean> {
  readonly kind: 'group';
  readonly parts: readonly [LabelledPart<R>, ...ArgumentPart<R>[]];
  readonly doc: string;
  /** A repeated group is collected in `knobs`; others put their arguments beside the required ones. */
  readonly repeated: Repeated;
}

export interface WordDoc<W extends string = string> {
  readonly word: W;
  readonly doc: string;
}

export type RequiredPart = ArgumentPart | ChoicePart | EitherPart;
export type OptionPart = FlagPart | GroupPart | OneOfPart;
export type Part = RequiredPart | OptionPart;

/** A link to the authoritative description. */
export interface Manual {
  readonly title: string;
  readonly url: string;
}

/** A statement: its syntax and documentation. What it does is in the simulator. */
export interface StatementSpec<K extends string = string> {
  readonly keyword: K;
  /** All required, in this order. */
  readonly required: readonly RequiredPart[];
  /** After the required parts, in any order; printed in this order. */
  readonly options: readonly OptionPart[];
  /** Options shared with other statements, which the reference describes once. */
  readonly common?: readonly GroupPart[];
  /** One line of text. */
  readonly doc: string;
  /** More lines for the reference and the hover, Markdown. */
  readonly details: string;
  readonly example: string;
  readonly systemCall: string;
  /** The CPU instruction, if the statement is one. */
  readonly instruction?: string;
  /** The kernel function that does the work; empty if there is none. */
  readonly kernelFunction: string;
  /** Null for statements of the language itself. */
  readonly manual: Manual | null;
  /** Whether a block in braces follows the statement. */
  readonly block?: boolean;
}

/** The label with which an argument counts pages instead of bytes; null if there is none. */
export function pageLabel({ label, role }: ArgumentPart): string | null {
  return label === null ? null : (PAGE_LABELS[role] ?? null);
}

/** The labels that an argument may have; empty if it has none. */
export function argumentLabels(part: ArgumentPart): readonly string[] {
  return [part.label, pageLabel(part)].filter((label) => label !== null);
}

/** The words that an option can start with. */
export function optionWords(option: OptionPart): readonly string[] {
  switch (option.kind) {
    case 'flag':
      return [option.word];
    case 'one-of':
      return option.words.map(({ word }) => word);
    case 'group':
      return argumentLabels(option.parts[0]);
  }
}

/** The word that a group begins with. */
export function groupLabel(group: GroupPart): string {
  return group.parts[0].label;
}

/** The arguments that a part consists of. */
export function argumentsIn(part: Part): readonly ArgumentPart[] {
  switch (part.kind) {
    case 'argument':
      return [part];
    case 'either':
      return [part.labelled, part.bare];
    case 'group':
      return part.parts;
    default:
      return [];
  }
}

/** All options of a statement, in the order in which they are printed. */
export function optionsOf({ options, common = [] }: StatementSpec): readonly OptionPart[] {
  return [...options, ...common];
}

/** All parts of a statement's syntax. */
export function partsOf(spec: StatementSpec): readonly Part[] {
  return [...spec.required, ...optionsOf(spec)];
}

/** All arguments of a statement's syntax, including those of its options. */
export function argumentsOf(spec: StatementSpec): ArgumentPart[] {
  return partsOf(spec).flatMap(argumentsIn);
}

/** `SIZE`, `NAME`…: how the syntax line of the reference shows an argument. */
function placeholder(part: ArgumentPart): string {
  switch (part.role) {
    case 'file':
    case 'kernel':
    case 'constant':
    case 'call':
    case 'task':
      return 'NAME';
    case 'vm':
      return 'TYPE';
    case 'slot':
      return 'ID';
    case 'vcpu':
    case 'count':
    case 'vm-number':
      return 'N';
    case 'permissions':
      return 'LETTERS';
    case 'title':
      return '"TITLE"';
    case 'source':
      return 'ADDRESS';
    case 'at-vmpl':
      return 'VMPL';
    default:
      return part.role.toUpperCase();
  }
}

/** A part as the syntax line shows it: `[gmem NAME offset OFFSET]`. */
export function partSyntax(part: Part): string {
  switch (part.kind) {
    case 'argument':
      return part.label === null ? placeholder(part) : `${part.label} ${placeholder(part)}`;
    case 'choice':
      return part.words.map(({ word }) => word).join('|');
    case 'either':
      return `${partSyntax(part.labelled)}|${partSyntax(part.bare)}`;
    case 'flag':
      return `[${part.word}]`;
    case 'one-of':
      return `[${part.words.map(({ word }) => word).join('|')}]`;
    case 'group':
      return `[${part.parts.map(partSyntax).join(' ')}]${part.repeated ? '…' : ''}`;
  }
}

/** The statement's syntax on one line: `gmem NAME size SIZE [mmap] [init-shared]`. */
export function syntaxLine(spec: StatementSpec): string {
  const block = spec.block === true ? ['{ … }'] : [];
  return [spec.keyword, ...[...spec.required, ...spec.options].map(partSyntax), ...block].join(' ');
}
