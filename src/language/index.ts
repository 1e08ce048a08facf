/** Scenarios: text, tree, diagnostics, calls. */

export { type Analysis, analyze } from './analysis';
export { blockAt, type Scenario as ScenarioText, scenarioOfProgram, scenariosOf } from './blocks';
export { callOf } from './calls';
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
export { claimLines, claimPhrases, leavesText, printClaims } from './claims/print';
export { CLAIM_WORDS, CLAIMS, type ClaimSpec, COUNTING_CLAIM, claimSpec } from './claims/table';
export { filePagesText, gfnText, hex, levelText, rangeText } from './claims/words';
export { type CompiledStatement, type Course, compile, type Program } from './compile';
export type { ClaimPlaceholder, Expectation, Whole } from './cursor';
export {
  CODES,
  capped,
  type Diagnostic,
  type DiagnosticCode,
  type DiagnosticData,
  type RelatedSpan,
  type Severity,
} from './diagnostics';
export { enclosingSpans } from './enclosing';
export { type Extent, extentOf, partOf } from './extent';
export { type ClassifiedToken, classifyTokens, TOKEN_CLASSES, type TokenClass } from './highlight';
export type { KernelChoice } from './kernel-choice';
export {
  kernelEdit,
  kernelNameEdit,
  kernelText,
  otherKernel,
  programAt,
  readKernel,
} from './kernels';
export { type Lexed, type Token, type TokenKind, tokenize } from './lexer';
export { nameProblem } from './names';
export { MAX_U64, readNumber, suffixed } from './numbers';
export { type Expected, expectedAt, parse } from './parser';
export { PERMISSIONS, permissionsMask } from './permissions';
export { indexLines, type LineIndex, offsetAt, type Position, positionAt } from './positions';
export { printStatement } from './print/cells';
export { formattingEdits, type Layout, print } from './print/print';
export { explainFailure, explainRefusal } from './refusals';
export { placesOf, type Refusal, renameableAt, renamingEdits } from './rename';
export { statementOf } from './report';
export { countedValue, inMannerOf, isComputed, numberForms, type Rewrite } from './rewrite/numbers';
export { asRange, asSize, inOtherUnit } from './rewrite/ranges';
export { pagesSnippet, partSnippet, snippetsOf, statementSnippet } from './snippets';
export type { StatementOf } from './statement-of';
export {
  type CallKeyword,
  isReserved,
  isSilent,
  type Keyword,
  STATEMENTS,
  statementSpec,
  VM_TYPES,
} from './statements';
export { type KernelStep, type KernelSteps, stepsOf } from './steps';
export { nearest } from './suggest';
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
  type NumberRole,
  type OneOfPart,
  type OptionPart,
  optionWords,
  type Part,
  pageLabel,
  partSyntax,
  partsOf,
  placeholder,
  type Role,
  type StatementSpec,
  syntaxLine,
  type WordDoc,
} from './syntax';
export { applyEdits, insertionAbove, lineEnding, minimalEdit, type TextEdit } from './text-edit';
export {
  type Block,
  type ClaimNode,
  type CommentNode,
  type Document,
  type KnobNode,
  type NameNode,
  type NumberNode,
  nameFor,
  numberFor,
  type OutcomeNode,
  type Span,
  type Statement,
} from './tree';
export { validate } from './validate';
export { type ScenarioVm, vcpusOf, vmsAt } from './vms';
