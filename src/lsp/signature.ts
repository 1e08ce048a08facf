import type { ParameterInformation, SignatureHelp, SignatureInformation } from 'vscode-languageserver';
import {
  argumentsIn,
  type ClaimSpec,
  COUNTING_CLAIM,
  claimSpec,
  type Expectation,
  expectedAt,
  isSilent,
  type Part,
  partSyntax,
  type StatementSpec,
  statementSpec,
  syntaxLine,
} from '../language';
import type { ScenarioDocument } from './documents';

/** Signature help: the syntax of the statement or expectation being written, with the next part highlighted. */

/** One part of a signature. */
interface Piece {
  readonly text: string;
  readonly doc: string;
}

interface Signature {
  readonly label: string;
  readonly doc: string;
  readonly pieces: readonly Piece[];
  /** Index of the next part; null if there is none. */
  readonly active: number | null;
}

const OUTCOME: Piece = { text: '[=> CLAIM, …]', doc: 'The expectation of the statement.' };

function partDoc(part: Part): string {
  switch (part.kind) {
    case 'argument':
    case 'choice':
      return part.what;
    case 'either':
      return part.bare.what;
    default:
      return part.doc;
  }
}

/** The index of the part that the parser expects. */
function indexOf(parts: readonly Part[], expectation: Expectation): number {
  if (expectation.kind === 'outcome') return parts.length;
  if (expectation.kind !== 'part' && expectation.kind !== 'value') return -1;
  const wanted = expectation.part;
  return parts.findIndex(
    (part) => part === wanted || (wanted.kind === 'argument' && argumentsIn(part).includes(wanted)),
  );
}

function statementSignature(spec: StatementSpec, expectations: readonly Expectation[]): Signature {
  const parts: readonly Part[] = [...spec.required, ...spec.options];
  const calls = !isSilent(statementSpec(spec.keyword)!.keyword);
  const pieces = parts.map((part) => ({ text: partSyntax(part), doc: partDoc(part) }));
  const active = expectations.map((one) => indexOf(parts, one)).find((index) => index >= 0) ?? null;
  return {
    label: calls ? `${syntaxLine(spec)} ${OUTCOME.text}` : syntaxLine(spec),
    doc: spec.doc,
    pieces: calls ? [...pieces, OUTCOME] : pieces,
    active,
  };
}

/** Whether the parser expects a word of an expectation's form: one of its words or its placeholder. */
function isExpected(piece: string, expectation: Expectation): boolean {
  const words: readonly string[] = piece.match(/[\w-]+/g) ?? [];
  if (expectation.kind === 'words') return expectation.words.some((word) => words.includes(word));
  return expectation.kind === 'claimed' && words.includes(expectation.what);
}

function claimSignatures({ forms, doc }: ClaimSpec, expectations: readonly Expectation[]): Signature[] {
  // Optional parts come first in the list; the last one is the required part.
  const next = expectations.findLast(({ kind }) => kind === 'words' || kind === 'claimed');
  return forms.map((form) => {
    const pieces = form.split(' ').map((text) => ({ text, doc: '' }));
    const active = next === undefined ? -1 : pieces.findIndex(({ text }) => isExpected(text, next));
    return { label: form, doc, pieces, active: active < 0 ? null : active };
  });
}

/** The parts with their offsets in the label, searched from left to right. */
function parametersOf({ label, pieces }: Signature, labelOffsets: boolean): ParameterInformation[] {
  let at = 0;
  return pieces.map(({ text, doc }) => {
    const start = label.indexOf(text, at);
    at = start + text.length;
    return { label: labelOffsets ? [start, at] : text, ...(doc === '' ? {} : { documentation: doc }) };
  });
}

function information(signature: Signature, labelOffsets: boolean): SignatureInformation {
  return {
    label: signature.label,
    documentation: { kind: 'markdown', value: signature.doc },
    parameters: parametersOf(signature, labelOffsets),
    activeParameter: signature.active ?? signature.pieces.length,
  };
}

function signaturesAt(text: string, offset: number): readonly Signature[] {
  const { expectations, statement, claim, prefix } = expectedAt(text, offset);
  if (statement === null) return [];
  if (claim !== null) return claimSignatures(claimSpec(claim) ?? COUNTING_CLAIM, expectations);
  // Any expectation may follow; completion lists them.
  if (expectations.some(({ kind }) => kind === 'claim')) return [];
  // After the line break, another statement is just as likely.
  if (/[\r\n]/.test(text.slice(statement.span.end, prefix.start))) return [];
  const signature = statementSignature(statement.spec, expectations);
  return signature.active === null ? [] : [signature];
}

export function signatureHelp(
  { document, isTooLong }: ScenarioDocument,
  offset: number,
  labelOffsets: boolean,
): SignatureHelp | null {
  const signatures = isTooLong ? [] : signaturesAt(document.getText(), offset);
  if (signatures.length === 0) return null;
  const active = Math.max(
    0,
    signatures.findIndex((signature) => signature.active !== null),
  );
  return {
    signatures: signatures.map((signature) => information(signature, labelOffsets)),
    activeSignature: active,
    activeParameter: signatures[active]!.active ?? signatures[active]!.pieces.length,
  };
}
