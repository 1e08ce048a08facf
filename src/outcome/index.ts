/** What statements did: as JSON, in a line, in a hover. */

export {
  type ComparedSide,
  type ComparedStatement,
  compareInSteps,
  compareKernels,
  type StatementDifference,
} from './compare/kernels';
export { mismatchText } from './compare/mismatch';
export {
  type Comparison,
  compareRecording,
  type Mismatch,
  type RecordedStatement,
  type Recording,
} from './compare/recordings';
export { type DifferingLine, differingLines, type KernelComparison, sideTexts } from './compare/side-by-side';
export { resultOf } from './events/result';
export { acceptedClaims, hasNews } from './expectations/accept';
export {
  type Acceptances,
  acceptancesOf,
  acceptedText,
  hasUnclaimedNews,
  isUnmet,
} from './expectations/acceptance';
export { type Unmet, unmetClaims } from './expectations/check';
export { claimsOf } from './expectations/claims';
export { type Difference, differenceOf, isListKind } from './expectations/difference';
export { type Failure, type Trial, tryScenario } from './expectations/trial';
export {
  bothSides,
  type Checked,
  checked,
  checkedAgainst,
  checkInSteps,
  checkScenario,
  reportOn,
  type ScenarioReport,
  unmetText,
} from './expectations/verdict';
export { fileOfCall, seenByItsVm } from './its-vm';
export type { Outcome, SpteRecord } from './json/outcome';
export { outcomeOf } from './json/record';
export { type Executed, runScenario, stepScenario, stepStatements } from './run';
export { inSlices, type Pace, type RunEnd } from './slices';
export { annotate, annotationsByLine, isAnnotated, withoutAnnotations } from './text/annotate';
export { type Description, describe, type Tone } from './text/describe';
export { errorCodeNames } from './text/error-code';
export { filePagesText, gfnText, hex, letters, levelText, rangeText } from './text/notation';
export { describeOutcome, type OutcomeText } from './text/outcome-text';
export type { Described } from './text/parts';
export type { SlotLoss, SlotOfVm } from './text/slots';
export { lockText, stillOf, stillPhrase } from './text/still';
export { sourceLine, type TranscriptLine, transcript } from './text/transcript';
