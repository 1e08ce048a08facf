import type { Analysis, Statement } from '../../language';
import type { ScenarioDocument } from '../documents';

/** The place where something can be offered. */
export interface Context {
  readonly scenario: ScenarioDocument;
  readonly analysis: Analysis;
  readonly offset: number;
  /** The statement being written. */
  readonly statement: Statement | null;
  /** The part of the word already typed. */
  readonly typed: string;
}
