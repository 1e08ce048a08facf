/** Outcomes of statements: as JSON, as text, in hovers; expectations and comparisons. */
export { type Around, aroundCall, fileOfCall, vmAtEnd, vmBefore } from './affected-vm';
export {
  type ComparedStatement,
  compareInSteps,
  compareKernels,
  type StatementDifference,
} from './compare/kernels';
export { mismatchText } from './compare/mismatch';
export { compareRecording, type RecordedStatement, type Recording } from './compare/recordings';
export { type DifferingLine, differingLines, type KernelComparison, sideTexts } from './compare/side-by-side';
export { type KernelCounts, mergedCounts, stepCounter } from './coverage/counts';
export {
  type CoveredListing,
  type ProfileCoverage,
  profileCoverage,
  setupOfKernel,
} from './coverage/profiles';
export { resultOf } from './events/result';
export { acceptedExpectations } from './expectations/accept';
export {
  type Acceptances,
  acceptancesOf,
  acceptedText,
  hasFailedExpectation,
  hasUnexpectedNews,
} from './expectations/acceptance';
export { type FailedExpectation, failedExpectations } from './expectations/check';
export { differenceOf, isListKind, withoutItems } from './expectations/difference';
export { newlyStale, observedOutcome } from './expectations/observed';
export { type TestResult, testScenario } from './expectations/test-result';
export {
  type Checked,
  checked,
  checkedAgainst,
  checkScenario,
  failedExpectationText,
  reportOn,
  type ScenarioReport,
} from './expectations/verdict';
export { outcomeOf } from './json/record';
export {
  JSON_VERSION,
  outcomeOfExecuted,
  placeOf,
  recordOf,
  type StatementOutcome,
  type StatementPlace,
  type StatementRecord,
  statementOutcome,
} from './json/statement';
export { type CheckedRace, checkRace } from './races/check';
export { beginWalk, type KnownSteps, learnSteps, type Walk, witnessOfWalk } from './races/choices';
export {
  callName,
  type ExploredRace,
  expectsRetries,
  exploreRace,
  hasRace,
  type RaceProgram,
  type SearchProgress,
} from './races/explore';
export { minimised } from './races/minimise';
export { type OrderStep, stepsTo } from './races/order-steps';
export { type NumberedOrder, numberedOrders } from './races/orders';
export { type OutcomeTable, outcomesOf } from './races/outcomes';
export { type CallResult, exploredResults, resultsText } from './races/results';
export {
  type Behind,
  behindInSteps,
  behindRace,
  contraryText,
  outcomeOfCall,
  type Place,
  type Verdict,
  verdictSentence,
  verdictsOf,
} from './races/verdicts';
export {
  type DescribedRace,
  describedRace,
  exploreWithout,
  type ReachedStep,
  reachedLocks,
  reachedSteps,
  type WithoutStep,
} from './races/without';
export { type Witness, witnessBlock, witnessOf, witnessText } from './races/witness';
export {
  aroundAt,
  type Executed,
  runScenario,
  type ScenarioMoment,
  stepScenario,
  stepStatements,
} from './run';
export { raceSchedule } from './schedule/race';
export type {
  HeldLock,
  ScheduleCall,
  ScheduleEntry,
  ScheduleStep,
  ScheduleTrace,
  StepPhrase,
} from './schedule/schedule';
export { toldSchedules } from './schedule/told';
export { inSlices, type Pace } from './slices';
export { annotate, annotationsByLine, isAnnotated, withoutAnnotations } from './text/annotate';
export { describe, type Tone } from './text/describe';
export { errorCodeNames } from './text/error-code';
export { staleText } from './text/left-behind';
export { escapeXml, markdownCode, markdownText } from './text/markup';
export { counted, filePagesText, gfnText, hex, letters, levelText, rangeText } from './text/notation';
export { describeOutcome, type OutcomeText } from './text/outcome-text';
export type { SlotLoss, SlotOfVm } from './text/slots';
export { lockText, suspensionOf, suspensionPhrase, waitPhrase } from './text/suspension';
export { sourceLine, transcript } from './text/transcript';
