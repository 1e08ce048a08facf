/** What statements did: as JSON, in a line, in a hover. */

export { acceptedClaims, hasNews } from './accept';
export {
  type Acceptances,
  acceptancesOf,
  acceptedText,
  hasUnclaimedNews,
  isUnmet,
} from './acceptance';
export { type Around, aroundCall, fileOfCall, vmAtEnd, vmBefore } from './affected-vm';
export { annotate, annotationsByLine, isAnnotated, withoutAnnotations } from './annotate';
export { type Unmet, unmetClaims } from './check';
export { claimsOf } from './claims';
export {
  type Comparison,
  compareRecording,
  type Mismatch,
  type RecordedStatement,
  type Recording,
} from './compare';
export {
  type ComparedSide,
  type ComparedStatement,
  compareInSteps,
  compareKernels,
  type StatementDifference,
} from './compare-kernels';
export {
  type Described,
  type Description,
  describe,
  type SlotLoss,
  type SlotOfVm,
  type Tone,
} from './describe';
export { type Difference, differenceOf, isListKind } from './difference';
export { errorCodeNames } from './error-code';
export { mismatchText } from './mismatch';
export { describeOutcome, type OutcomeText } from './outcome-text';
export { type Outcome, outcomeOf, resultOf, type SpteRecord } from './record';
export { type Executed, runScenario, stepScenario, stepStatements } from './run';
export { type DifferingLine, differingLines, type KernelComparison, sideTexts } from './side-by-side';
export { inSlices, type Pace, type RunEnd } from './slices';
export { lockText, stillOf, stillPhrase } from './still';
export { filePagesText, gfnText, hex, letters, levelText, rangeText } from './text';
export { sourceLine, type TranscriptLine, transcript } from './transcript';
export { type Failure, type Trial, tryScenario } from './trial';
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
} from './verdict';
