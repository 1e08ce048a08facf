/**
 * The vocabulary in which a statement's syntax is written down as data. The parser, its messages,
 * completion, hover, the TextMate grammar and the reference are all driven by values of these types.
 */

/** What a number stands for. */
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

/** What a name stands for; a title is a name, too. */
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
  | 'step';

/** What an argument stands for; decides how it is read and what completion can offer in its place. */
export type Role = NumberRole | NameRole;

export function isNumberRole(role: Role): role is NumberRole {
  return (NUMBER_ROLES as readonly Role[]).includes(role);
}

/** The words that may lead an argument of the role instead of its label, when it is counted in pages of 4K. */
const PAGE_LABELS: Readonly<Partial<Record<Role, string>>> = { gpa: 'gfn', offset: 'pgoff', size: 'pages' };

/** A value, with the word in front of it if it has one: `size 2M`, or just `A`. */
export interface ArgumentPart<R extends Role = Role> {
  readonly kind: 'argument';
  /** Also its key in the statement's `numbers` or `names`. */
  readonly role: R;
  readonly label: string | null;
  /** Completes "expected …": `the slot's size`. */
  readonly what: string;
  /** As one would write it, label included: `size 2M`. */
  readonly example: string;
  /** True where the argument introduces what it names, so that later uses refer to it. */
  readonly defines: boolean;
}

/** An argument with a word in front of it. */
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

/** A word that may be there: `readonly`. */
export interface FlagPart<W extends string = string> {
  readonly kind: 'flag';
  /** Also its key in the statement's `flags`. */
  readonly word: W;
  readonly doc: string;
}

/** One of a few words that may be there: `private` or `shared`. */
export interface OneOfPart<N extends string = string, W extends string = string> {
  readonly kind: 'one-of';
  /** Key in the statement's `choices`. */
  readonly name: N;
  readonly doc: string;
  readonly words: readonly WordDoc<W>[];
}

/** Arguments that may be there, led by the label of the first: `gmem A offset 0`. */
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

/** Where a reader finds the authoritative description. */
export interface Manual {
  readonly title: string;
  readonly url: string;
}

/** Everything there is to know about a statement, except what it does: the simulator knows that. */
export interface StatementSpec<K extends string = string> {
  readonly keyword: K;
  /** In this order, all of them. */
  readonly required: readonly RequiredPart[];
  /** After the required parts, in any order; printed in this one. */
  readonly options: readonly OptionPart[];
  /** Options that it has in common with others: told of once, and not for each. */
  readonly common?: readonly GroupPart[];
  /** One line of text. */
  readonly doc: string;
  /** More lines for the reference and the hover, Markdown. */
  readonly details: string;
  readonly example: string;
  readonly systemCall: string;
  /** The instruction of the CPU that it is, where it is one. */
  readonly instruction?: string;
  /** The kernel function that does the work, empty when there is none to point at. */
  readonly kernelFunction: string;
  /** Null for what is the language's own. */
  readonly manual: Manual | null;
  /** Whether statements in braces follow it. */
  readonly block?: boolean;
}

/** The label under which an argument is counted in pages instead of bytes; null where there is none. */
export function pageLabel({ label, role }: ArgumentPart): string | null {
  return label === null ? null : (PAGE_LABELS[role] ?? null);
}

/** The labels that an argument may have; empty where it has none. */
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

/** The word that leads a group. */
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

/** All arguments of a statement's syntax, those of its options included. */
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
