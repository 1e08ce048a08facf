import type { Span } from '../tree/positions';

/** Diagnostics: a message, its location, and a code that stays the same when the wording changes. */

/** All codes with their meaning, which the reference lists. Codes are never reused. */
export const CODES = {
  G001: 'A line does not start with a statement.',
  G002: 'A part of the statement is missing or invalid.',
  G003: 'There is extra text after the statement.',
  G004: 'A number is malformed.',
  G005: 'A number does not fit in 64 bits.',
  G006: 'A name is malformed or is a reserved word.',
  G007: 'An option is given twice.',
  G009: 'There are too many diagnostics to list.',
  G010: 'There is no constant with that name.',
  G011: 'A range is empty, or is used where a single number is expected.',
  G012: 'The text after `=>` is not a valid expectation.',
  G013: 'A constant is defined twice, or has the name of a file.',
  G014: 'A block is not closed, was not opened, or is in one that cannot contain it.',
  G101: 'There is no kernel profile with that name.',
  G102: 'There is no knob with that name.',
  G103: 'The knob has no variant with that name.',
  G104: 'A knob is set twice.',
  G105: '`kernel` is not the first statement, or is given twice.',
  G106: 'There is no VM type with that name.',
  G107: 'The first `vm` comes after a call that needs the VM.',
  G108: 'The number of vCPUs is out of range.',
  G109: 'There is no guest_memfd file with that name.',
  G110: 'A new file has the name of one that is still open.',
  G111: 'The VM has no such vCPU.',
  G112: 'The statement needs a slot that does not exist.',
  G113: 'A slot id does not fit in 32 bits.',
  G114: 'An access crosses a page boundary.',
  G115: 'There is no VM with that number.',
  G116: '`private`, `shared` or `at-vmpl` has no meaning on this VM type.',
  G117: 'The page size of an instruction must be 4K or 2M.',
  G118: 'The permissions are malformed.',
  G119: "A number does not fit in its field of the instruction's arguments.",
  G120: '`rmpupdate` requires an owner with `private`, and does not allow one with `shared`.',
  G121: 'The RMP does not check reads by the host.',
  G122: 'Two scenarios have the same title.',
  G123: 'No scenario follows the statement, so it never runs.',
  G124: '`value` is allowed only for writes, and must fit in 32 bits.',
  G130: "An address includes TDX's shared bit; use `private` or `shared` instead.",
  G131: 'The kernel does not support that VM type.',
  G132: 'Instructions are fetched from private memory only.',
  G140: 'There is no kernel step with that label.',
  G141: 'There is no earlier call with that name.',
  G142: 'A call suspends, but has no name by which it can be resumed.',
  G143: 'A race does not have two to eight tasks with a call each and a name of their own, or is the second of its scenario.',
  G144: 'The statement is not allowed in a race, or only in one.',
  G145: 'An expectation has a quantifier without a race, or a call of a race expects what its task does not see.',
  G201: 'The call will be refused.',
  G202: 'The call will never return.',
  G203: 'A kernel warning will fire.',
  G204: 'The background run stopped here.',
  G205: 'The text is too long for a background run.',
  G206: 'The outcome does not match the expectation after `=>`.',
  G207: 'A call is still suspended at the end of the scenario.',
  G208: 'A call returns without reaching the step named by `until`, or before `continue` resumes it.',
  G209: 'A call will leave stale mappings, which it should have zapped.',
  G210: 'A race does not do what its scenario expects of every order, of some or of none.',
  G211: 'Not every order of a race was tried while typing.',
} as const;

export type DiagnosticCode = keyof typeof CODES;

export type Severity = 'error' | 'warning' | 'information';

export interface RelatedSpan {
  readonly span: Span;
  readonly message: string;
}

/** Data for a quick fix. */
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

/** Maximum number per document: more do not help the author and slow the editor down. */
export const DIAGNOSTIC_LIMIT = 1000;

/** Diagnostics in the order of the text, truncated at the limit; the last one then counts those that are not listed. */
export function capped(diagnostics: readonly Diagnostic[]): readonly Diagnostic[] {
  const next = diagnostics[DIAGNOSTIC_LIMIT - 1];
  if (next === undefined || diagnostics.length === DIAGNOSTIC_LIMIT) return diagnostics;
  const kept = diagnostics.slice(0, DIAGNOSTIC_LIMIT - 1);
  const left = diagnostics.length - kept.length;
  const message = `${left} more diagnostics are not listed`;
  return [...kept, { code: 'G009', severity: 'error', span: next.span, message }];
}

/** Message for an empty range. */
export const EMPTY_RANGE = 'the range is empty: its end is exclusive and must be greater than its start';

const LONGEST_QUOTE = 40;

/** Source text inside a message: in backquotes, truncated, with control characters replaced. */
export function quote(text: string): string {
  const clipped = text.length > LONGEST_QUOTE ? `${text.slice(0, LONGEST_QUOTE)}…` : text;
  const visible = clipped.replaceAll(/[\p{Cc}\p{Cs}\u2028\u2029]/gu, '\ufffd').replaceAll('`', "'");
  return `\`${visible}\``;
}
