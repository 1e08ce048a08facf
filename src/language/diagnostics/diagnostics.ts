import type { Span } from '../tree/positions';

/** Diagnostics: what is wrong, where, and a code that stays the same when the wording changes. */

/** Every code with its meaning; the reference lists them. Codes are never reused. */
export const CODES = {
  G001: 'A line starts with something that is not a statement.',
  G002: 'A part of the statement is missing, or something else is in its place.',
  G003: 'Something is left over after the statement.',
  G004: 'A number is malformed.',
  G005: 'A number does not fit in 64 bits.',
  G006: 'A file name is malformed, or is a word that the language uses.',
  G007: 'An option is given twice.',
  G009: 'There are more diagnostics than are listed.',
  G010: 'No constant has that name.',
  G011: 'A range is empty, or stands where one number is wanted.',
  G012: 'What stands behind `=>` is no outcome.',
  G013: 'A constant is given a value twice, or has the name of a file.',
  G014: 'The block of a scenario is not closed, not opened, or stands in another.',
  G101: 'The kernel has no profile of that name.',
  G102: 'No knob has that name.',
  G103: 'The knob has no variant of that name.',
  G104: 'A knob is set twice.',
  G105: '`kernel` is not the first statement, or there are two.',
  G106: 'No VM type has that name.',
  G107: 'The first `vm` comes after a call that needs the VM.',
  G108: 'The number of vCPUs is not possible.',
  G109: 'No guest_memfd file has that name.',
  G110: 'A file gets the name of one that is still open.',
  G111: 'The VM has no such vCPU.',
  G112: 'The statement needs a slot that is not there.',
  G113: 'A slot id does not fit in its field of 32 bits.',
  G114: 'An access crosses a page.',
  G115: 'There is no VM of that number.',
  G116: '`private`, `shared` or `at-vmpl` says nothing on this type of VM.',
  G117: 'The page that an instruction is about has 4K or 2M.',
  G118: 'The permissions are malformed.',
  G119: "A number does not fit in its field of the instruction's arguments.",
  G120: '`rmpupdate` needs an owner for `private`, and has none for `shared`.',
  G121: 'The host reads a page of a file without any check.',
  G122: 'Two scenarios have the same title.',
  G123: 'No scenario follows the statement, so it never runs.',
  G124: '`value` is for writes, and has 32 bits.',
  G130: "An address has TDX's shared bit, of which `private` and `shared` say whether it is set.",
  G131: 'The kernel has no VMs of that type.',
  G132: 'Instructions are fetched from private memory only.',
  G140: 'No step of the kernel has that label.',
  G141: 'No call above has that name.',
  G142: 'A call stands still, and has no name to go on by.',
  G201: 'The call will be refused.',
  G202: 'The call will never return.',
  G203: 'A warning of the kernel will fire.',
  G204: 'From here on the scenario was not run while typing.',
  G205: 'The text is too long to be checked while typing.',
  G206: 'The statement does not do what is claimed behind `=>`.',
  G207: 'A call stands still at the end of the scenario.',
  G208: 'A call does not come to the step before which it is to stand still, or has returned before it is to go on.',
} as const;

export type DiagnosticCode = keyof typeof CODES;

export type Severity = 'error' | 'warning' | 'information';

export interface RelatedSpan {
  readonly span: Span;
  readonly message: string;
}

/** What a quick fix needs. */
export interface DiagnosticData {
  /** Text that replaces the diagnostic's span. */
  readonly replacement?: string;
}

export interface Diagnostic {
  readonly code: DiagnosticCode;
  readonly severity: Severity;
  readonly span: Span;
  readonly message: string;
  readonly related?: readonly RelatedSpan[];
  readonly data?: DiagnosticData;
}

/** More than this many of a document are of no use to anyone, and cost an editor dearly. */
export const DIAGNOSTIC_LIMIT = 1000;

/** What is shown of diagnostics in the order of the text: at most the limit, of which the last counts the others. */
export function capped(diagnostics: readonly Diagnostic[]): readonly Diagnostic[] {
  const next = diagnostics[DIAGNOSTIC_LIMIT - 1];
  if (next === undefined || diagnostics.length === DIAGNOSTIC_LIMIT) return diagnostics;
  const kept = diagnostics.slice(0, DIAGNOSTIC_LIMIT - 1);
  const message = `from here on, ${diagnostics.length - kept.length} more are not listed`;
  return [...kept, { code: 'G009', severity: 'error', span: next.span, message }];
}

/** What is wrong with a range that has nothing in it. */
export const EMPTY_RANGE = 'the range is empty: it begins at its start and ends before its end';

const LONGEST_QUOTE = 40;

/** Source text inside a message: between backquotes, clipped, control characters made visible. */
export function quote(text: string): string {
  const clipped = text.length > LONGEST_QUOTE ? `${text.slice(0, LONGEST_QUOTE)}…` : text;
  const visible = clipped.replaceAll(/[\p{Cc}\p{Cs}\u2028\u2029]/gu, '\ufffd').replaceAll('`', "'");
  return `\`${visible}\``;
}
