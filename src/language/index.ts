import { type KernelCatalogue, SIMULATED_KERNELS } from './catalogue';
import { compile, type Program } from './compile';
import { type Diagnostic, mergeDiagnostics } from './diagnostics';
import { parse } from './parser';
import { findSymbols, type Symbols } from './symbols';
import type { Document } from './tree';
import { validate } from './validate';

/** Everything that can be known about a scenario without running it. */
export interface Analysis {
  readonly document: Document;
  readonly symbols: Symbols;
  /** Of the syntax and of the names, in the order of the text. */
  readonly diagnostics: readonly Diagnostic[];
  /** The scenarios, in the order of the text; one where there are no blocks. */
  readonly programs: readonly [Program, ...Program[]];
}

/** Parses, validates and compiles a text. Never throws. */
export function analyze(text: string, catalogue: KernelCatalogue = SIMULATED_KERNELS): Analysis {
  const document = parse(text);
  const symbols = findSymbols(document);
  const diagnostics = mergeDiagnostics(document.diagnostics, validate(document, symbols, catalogue));
  return { document, symbols, diagnostics, programs: compile(document, diagnostics) };
}

export { type Scenario as ScenarioText, scenariosOf } from './blocks';
export { type KernelCatalogue, type KnobInfo, SIMULATED_KERNELS } from './catalogue';
export {
  type AllClaims,
  type AttributesClaim,
  CLAIM_KINDS,
  type ClaimKind,
  type Claims,
  type ExitClaim,
  type FilePagesClaim,
  type GuestExceptionClaim,
  type InstructionClaim,
  type LeafClaim,
  type RmpClaim,
  type SigbusClaim,
  type ZapClaim,
} from './claims/claims';
export { claimPhrases, leavesText, printClaims } from './claims/print';
export { CLAIM_WORDS, CLAIMS, type ClaimSpec, claimSpec } from './claims/table';
export { gfnText, hex, levelText, rangeText } from './claims/words';
export { type CompiledStatement, compile, type Program } from './compile';
export type { Expectation } from './cursor';
export {
  CODES,
  type Diagnostic,
  type DiagnosticCode,
  type DiagnosticData,
  type RelatedSpan,
  type Severity,
} from './diagnostics';
export { type Lexed, type Token, type TokenKind, tokenize } from './lexer';
export { MAX_U64, readNumber } from './numbers';
export { type Expected, expectedAt, parse } from './parser';
export { PERMISSIONS, permissionsMask } from './permissions';
export { indexLines, type LineIndex, offsetAt, type Position, positionAt } from './positions';
export { print, printStatement } from './print';
export { explainFailure, explainRefusal } from './refusals';
export { partSnippet, snippetsOf, statementSnippet } from './snippets';
export {
  type CallKeyword,
  isReserved,
  isSilent,
  type Keyword,
  STATEMENTS,
  statementSpec,
  VM_TYPES,
} from './statements';
export {
  findSymbols,
  isDefinedBefore,
  type Occurrence,
  occurrenceAt,
  type ScenarioSymbol,
  type Symbols,
} from './symbols';
export {
  type ArgumentPart,
  argumentLabels,
  argumentsIn,
  argumentsOf,
  type ChoicePart,
  type EitherPart,
  type FlagPart,
  type GroupPart,
  groupLabel,
  isNumberRole,
  type Manual,
  type OneOfPart,
  type OptionPart,
  optionWords,
  type Part,
  pageLabel,
  partSyntax,
  placeholder,
  type Role,
  type StatementSpec,
  syntaxLine,
  type WordDoc,
} from './syntax';
export type {
  CommentNode,
  Document,
  KnobNode,
  NameNode,
  NumberNode,
  OutcomeNode,
  Span,
  Statement,
} from './tree';
export { validate } from './validate';
export { type ScenarioVm, vcpusOf, vmsAt } from './vms';
