/** What statements did: as JSON, in a line, in a hover. */

export { acceptedClaims, hasNews } from './accept';
export {
  type Acceptances,
  acceptancesOf,
  acceptedText,
  hasUnclaimedNews,
  isUnmet,
} from './acceptance';
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
export { type Description, describe, type SlotLoss, type Tone } from './describe';
export { type Difference, differenceOf, isListKind } from './difference';
export { errorCodeNames } from './error-code';
export { fileOfCall, seenByItsVm } from './its-vm';
export { mismatchText } from './mismatch';
export { describeOutcome, type OutcomeText } from './outcome-text';
export { type Outcome, outcomeOf, resultOf, type SpteRecord } from './record';
export { type Executed, runScenario } from './run';
export { gfnText, hex, letters, levelText, rangeText } from './text';
export { type TranscriptLine, transcript } from './transcript';
export { type Checked, checked, checkedAgainst, checkScenario } from './verdict';
