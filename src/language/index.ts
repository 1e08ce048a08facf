/** Scenarios: text, tree, diagnostics, calls. */

export { type Analysis, analyze } from './analysis';
export { blockAt, type Scenario as ScenarioText, scenarioOfProgram, scenariosOf } from './blocks';
export { type KnobInfo, SIMULATED_KERNELS } from './catalogue';
export {
  type AllClaims,
  type AttributesClaim,
  CLAIM_KINDS,
  type ClaimKind,
  type Claims,
  type ExitClaim,
  type FilePagesClaim,
  type GuestExceptionClaim,
  type LeafClaim,
  type RmpClaim,
  type ZapClaim,
} from './claims/claims';
export { claimLines, claimPhrases, leavesText, printClaims } from './claims/print';
export { CLAIM_WORDS, CLAIMS, type ClaimSpec, COUNTING_CLAIM, claimSpec } from './claims/table';
export { filePagesText, gfnText, hex, levelText, rangeText } from './claims/words';
export { type CompiledStatement, type Course, callOf, type Program } from './compile';
export type { ClaimPlaceholder, Expectation, Whole } from './cursor';
export {
  CODES,
  type Diagnostic,
  type DiagnosticCode,
  type RelatedSpan,
  type Severity,
} from './diagnostics';
export { enclosingSpans } from './enclosing';
export { type Extent, extentOf, partOf } from './extent';
export { type ClassifiedToken, classifyTokens, type TokenClass } from './highlight';
export type { KernelChoice } from './kernel-choice';
export {
  kernelEdit,
  kernelNameEdit,
  kernelText,
  otherKernel,
  programAt,
  readKernel,
} from './kernels';
export { tokenize } from './lexer';
export { nameProblem } from './names';
export { MAX_U64, readNumber, suffixed } from './numbers';
export { expectedAt, parse } from './parser';
export { PERMISSIONS, permissionsMask } from './permissions';
export { indexLines, type LineIndex, offsetAt, positionAt } from './positions';
export { printStatement } from './print/cells';
export { formattingEdits, type Layout, print } from './print/print';
export { explainFailure, explainRefusal } from './refusals';
export { placesOf, type Refusal, renameableAt, renamingEdits } from './rename';
export { countedValue, inMannerOf, isComputed, numberForms, type Rewrite } from './rewrite/numbers';
export { asRange, asSize, inOtherUnit } from './rewrite/ranges';
export { pagesSnippet, partSnippet, snippetsOf } from './snippets';
export {
  type CallKeyword,
  isSilent,
  type Keyword,
  STATEMENTS,
  statementSpec,
  VM_TYPES,
} from './statements';
export { stepsOf } from './steps';
export { nearest } from './suggest';
export {
  findSymbols,
  type Occurrence,
  occurrenceAt,
  type ScenarioSymbol,
} from './symbols';
export {
  type ArgumentPart,
  argumentLabels,
  argumentsIn,
  argumentsOf,
  groupLabel,
  isNumberRole,
  type OptionPart,
  optionWords,
  type Part,
  pageLabel,
  partSyntax,
  partsOf,
  type Role,
  type StatementSpec,
  syntaxLine,
  type WordDoc,
} from './syntax';
export { applyEdits, insertionAbove, lineEnding, type TextEdit } from './text-edit';
export type {
  Block,
  ClaimNode,
  CommentNode,
  Document,
  NameNode,
  NumberNode,
  Span,
  Statement,
} from './tree';

export { vcpusOf, vmsAt } from './vms';
