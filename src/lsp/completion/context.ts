import type { Analysis, Statement } from '../../language';
import type { Scenario } from '../documents';

/** The place where something can be offered. */
export interface Context {
  readonly scenario: Scenario;
  readonly analysis: Analysis;
  readonly offset: number;
  /** The statement being written. */
  readonly statement: Statement | null;
  /** What is there of the word already. */
  readonly typed: string;
}
