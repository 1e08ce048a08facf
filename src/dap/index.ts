/** The debug session, and what an editor needs to know of it. */
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
