/** Scenarios: text, tree, diagnostics, calls. */
export { type Analysis, analysisInPieces, analyze } from './analysis';
export { callOf } from './compile/calls';
export type { CompiledStatement, Course, Program } from './compile/compile';
export { PERMISSIONS, permissionsMask } from './compile/permissions';
export type { Race, RaceTask } from './compile/race';
export {
  CODES,
  capped,
  DIAGNOSTIC_LIMIT,
  type Diagnostic,
  type DiagnosticCode,
  type RelatedSpan,
  type Severity,
} from './diagnostics/diagnostics';
export { statementOf } from './diagnostics/report';
export { nearest } from './diagnostics/suggest';
export { enclosingSpans } from './edit/enclosing';
export { type ClassifiedToken, classifyTokens, type TokenClass } from './edit/highlight';
export { kernelEdit, kernelNameEdit, kernelText, otherKernel, programAt, readKernel } from './edit/kernels';
export { type LinesEdit, lineEdits } from './edit/lines';
export { countedValue, inMannerOf, isComputed, numberForms, type Rewrite } from './edit/numbers';
export { asRange, asSize, inOtherUnit } from './edit/ranges';
export { placesOf, type Refusal, renameableAt, renamingEdits } from './edit/rename';
export { pagesSnippet, partSnippet, snippetsOf } from './edit/snippets';
export { applyEdits, insertionAbove, lineEnding, type TextEdit } from './edit/text-edit';
export {
  type AttributesExpectation,
  EXPECTATION_KINDS,
  type ExitExpectation,
  type ExpectationKind,
  type Expectations,
  type FilePagesExpectation,
  type GuestExceptionExpectation,
  type LeafExpectation,
  type ObservedOutcome,
  type RmpExpectation,
  type RootGfnsExpectation,
  type ZapExpectation,
} from './expectations/expectations';
export {
  expectationLines,
  expectationPhrases,
  leavesText,
  printExpectations,
  rootGfnsText,
} from './expectations/print';
export { QUANTIFIERS, type Quantifier, VIOLATIONS, type Violation } from './expectations/quantifiers';
export {
  COUNTING_EXPECTATION,
  EXPECTATION_WORDS,
  EXPECTATIONS,
  type ExpectationSpec,
  expectationSpec,
  TASK_WORDS,
} from './expectations/table';
export { filePagesText, gfnText, hex, levelText, rangeText } from './expectations/words';
export { type KernelChoice, type KnobInfo, SIMULATED_KERNELS } from './kernels/catalogue';
export { explainFailure, explainRefusal } from './kernels/refusals';
export { stepsOf } from './kernels/steps';
export type { Candidate, ExpectationPlaceholder, Whole } from './parse/cursor';
export { tokenize } from './parse/lexer';
export { MAX_U64, readNumber, suffixed } from './parse/numbers';
export { candidatesAt, parse } from './parse/parser';
export { finish, type Pieces } from './pieces';
export { printStatement } from './print/cells';
export { formattingEdits, type Layout, print } from './print/print';
export { nameProblem } from './table/names';
export {
  type CallKeyword,
  isSilent,
  type Keyword,
  STATEMENTS,
  statementSpec,
  VM_TYPES,
} from './table/statements';
export {
  type ArgumentPart,
  argumentLabels,
  argumentsIn,
  argumentsOf,
  groupLabel,
  isNumberRole,
  type NumberRole,
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
} from './table/syntax';
export { blockAt, type Scenario as ScenarioText, scenarioOfProgram, scenariosOf } from './tree/blocks';
export { type Extent, extentOf, partOf } from './tree/extent';
export { indexLines, type LineIndex, offsetAt, positionAt } from './tree/positions';
export type { StatementOf } from './tree/statement-of';
export { findSymbols, type Occurrence, occurrenceAt, type ScenarioSymbol } from './tree/symbols';
export {
  type Block,
  type CommentNode,
  type Document,
  type ExpectationItem,
  type NameNode,
  type NumberNode,
  nameFor,
  numberFor,
  type RaceExpectation,
  type Span,
  type Statement,
} from './tree/tree';
export { vcpusOf, vmsAt } from './tree/vms';
