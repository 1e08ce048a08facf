/** The debug session, and the types that editors need. */
export { listingPath } from './listing-path';
export { listingText, PROCEDURE_NAMES, stepCount } from './listings';
export {
  DebugSession,
  type LineOutcome,
  type MemoryMapBody,
  OUTCOMES_EVENT,
  type OutcomesBody,
  outcomesAfter,
  type Tone,
} from './session';
export { baseName } from './source-path';
