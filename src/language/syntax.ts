/**
 * The vocabulary in which a statement's syntax is written down as data. The parser, its messages,
 * completion, hover, the TextMate grammar and the reference are all driven by values of these types.
 */

/** What an argument stands for; decides how it is read and what completion can offer in its place. */
export type Role =
  | 'gpa'
  | 'size'
  | 'offset'
  | 'slot'
  | 'vcpu'
  | 'count'
  | 'file'
  | 'kernel'
  | 'vm'
  | 'knob'
  | 'variant';

/** Roles whose arguments are numbers; all the others are names. */
const NUMBER_ROLES: ReadonlySet<Role> = new Set(['gpa', 'size', 'offset', 'slot', 'vcpu', 'count']);

export function isNumberRole(role: Role): boolean {
  return NUMBER_ROLES.has(role);
}

/** A value, with the word in front of it if it has one: `size 2M`, or just `A`. */
export interface ArgumentPart {
  readonly kind: 'argument';
  /** Key in the statement's `numbers` or `names`. */
  readonly name: string;
  readonly role: Role;
  readonly label: string | null;
  /** Completes "expected …": `the slot's size`. */
  readonly what: string;
  /** As one would write it, label included: `size 2M`. */
  readonly example: string;
  /** True where the argument introduces what it names, so that later uses refer to it. */
  readonly defines: boolean;
}

/** One of a few words: `read` or `write`. */
export interface ChoicePart {
  readonly kind: 'choice';
  /** Key in the statement's `choices`. */
  readonly name: string;
  readonly what: string;
  readonly words: readonly WordDoc[];
}

/** A word that may be there: `readonly`. */
export interface FlagPart {
  readonly kind: 'flag';
  /** Key in the statement's `flags`. */
  readonly word: string;
  readonly doc: string;
}

/** Arguments that may be there, led by the label of the first: `gmem A offset 0`. */
export interface GroupPart {
  readonly kind: 'group';
  readonly parts: readonly ArgumentPart[];
  readonly doc: string;
  /** A repeated group is collected in `knobs`; others put their arguments beside the required ones. */
  readonly repeated: boolean;
}

export interface WordDoc {
  readonly word: string;
  readonly doc: string;
}

export type RequiredPart = ArgumentPart | ChoicePart;
export type OptionPart = FlagPart | GroupPart;
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
  /** One line of text. */
  readonly doc: string;
  /** More lines for the reference and the hover, Markdown. */
  readonly details: string;
  readonly example: string;
  readonly systemCall: string;
  /** The kernel function that does the work, empty when there is none to point at. */
  readonly kernelFunction: string;
  readonly manual: Manual;
}

/** The word that leads an option. */
export function optionWord(option: OptionPart): string {
  return option.kind === 'flag' ? option.word : option.parts[0]!.label!;
}

/** `SIZE`, `NAME`…: how the syntax line of the reference shows an argument. */
export function placeholder(part: ArgumentPart): string {
  switch (part.role) {
    case 'file':
    case 'kernel':
      return 'NAME';
    case 'vm':
      return 'TYPE';
    case 'slot':
      return 'ID';
    case 'vcpu':
    case 'count':
      return 'N';
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
      return part.words.map((choice) => choice.word).join('|');
    case 'flag':
      return `[${part.word}]`;
    case 'group':
      return `[${part.parts.map(partSyntax).join(' ')}]${part.repeated ? '…' : ''}`;
  }
}

/** The statement's syntax on one line: `gmem NAME size SIZE [mmap] [init-shared]`. */
export function syntaxLine(spec: StatementSpec): string {
  return [spec.keyword, ...[...spec.required, ...spec.options].map(partSyntax)].join(' ');
}
