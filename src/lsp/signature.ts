import type { ParameterInformation, SignatureHelp, SignatureInformation } from 'vscode-languageserver';
import {
  argumentsIn,
  type Candidate,
  COUNTING_EXPECTATION,
  candidatesAt,
  type ExpectationSpec,
  expectationSpec,
  isSilent,
  type Keyword,
  type Part,
  partSyntax,
  type StatementSpec,
  syntaxLine,
} from '../language';
import { elementAt } from '../simulator';
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

const OUTCOME: Piece = { text: '[=> EXPECTATION, …]', doc: 'The expectation of the statement.' };

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
function indexOf(parts: readonly Part[], candidate: Candidate): number {
  if (candidate.kind === 'arrow') return parts.length;
  if (candidate.kind !== 'part' && candidate.kind !== 'value') return -1;
  const wanted = candidate.part;
  return parts.findIndex(
    (part) => part === wanted || (wanted.kind === 'argument' && argumentsIn(part).includes(wanted)),
  );
}

function statementSignature(spec: StatementSpec<Keyword>, candidates: readonly Candidate[]): Signature {
  const parts: readonly Part[] = [...spec.required, ...spec.options];
  const calls = !isSilent(spec.keyword);
  const pieces = parts.map((part) => ({ text: partSyntax(part), doc: partDoc(part) }));
  const active = candidates.map((one) => indexOf(parts, one)).find((index) => index >= 0) ?? null;
  return {
    label: calls ? `${syntaxLine(spec)} ${OUTCOME.text}` : syntaxLine(spec),
    doc: spec.doc,
    pieces: calls ? [...pieces, OUTCOME] : pieces,
    active,
  };
}

/** Whether the parser expects a word of an expectation's form: one of its words or its placeholder. */
function isExpected(piece: string, candidate: Candidate): boolean {
  const words: readonly string[] = piece.match(/[\w-]+/g) ?? [];
  if (candidate.kind === 'words') return candidate.words.some((word) => words.includes(word));
  return candidate.kind === 'placeholder' && words.includes(candidate.what);
}

function expectationSignatures(
  { forms, doc }: ExpectationSpec,
  candidates: readonly Candidate[],
): Signature[] {
  // Optional parts come first in the list; the last one is the required part.
  const next = candidates.findLast(({ kind }) => kind === 'words' || kind === 'placeholder');
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
  const { candidates, statement, expectation, prefix } = candidatesAt(text, offset);
  if (statement === null) return [];
  if (expectation !== null)
    return expectationSignatures(expectationSpec(expectation) ?? COUNTING_EXPECTATION, candidates);
  // Any expectation may follow; completion lists them.
  if (candidates.some(({ kind }) => kind === 'expectation')) return [];
  // After the line break, another statement is just as likely.
  if (/[\r\n]/.test(text.slice(statement.span.end, prefix.start))) return [];
  const signature = statementSignature(statement.spec, candidates);
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
    activeParameter: elementAt(signatures, active).active ?? elementAt(signatures, active).pieces.length,
  };
}
