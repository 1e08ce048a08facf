/** What statements did: as JSON, in a line, in a hover. */

export { acceptedClaims } from './accept';
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
  compareRecording,
  type RecordedStatement,
  type Recording,
} from './compare';
export {
  type ComparedStatement,
  compareInSteps,
  compareKernels,
  type StatementDifference,
} from './compare-kernels';
export {
  describe,
  type SlotLoss,
  type SlotOfVm,
  type Tone,
} from './describe';
export { differenceOf, isListKind } from './difference';
export { errorCodeNames } from './error-code';
export { mismatchText } from './mismatch';
export { describeOutcome, type OutcomeText } from './outcome-text';
export { type Outcome, outcomeOf, resultOf } from './record';
export { type Executed, runScenario, stepScenario, stepStatements } from './run';
export { type DifferingLine, differingLines, type KernelComparison, sideTexts } from './side-by-side';
export { inSlices, type Pace } from './slices';
export { lockText, stillOf, stillPhrase } from './still';
export { filePagesText, gfnText, hex, letters, levelText, rangeText } from './text';
export { sourceLine, transcript } from './transcript';
export { type Trial, tryScenario } from './trial';
export {
  type Checked,
  checked,
  checkedAgainst,
  checkScenario,
  reportOn,
  type ScenarioReport,
  unmetText,
} from './verdict';
