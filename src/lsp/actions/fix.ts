import type { Statement, TextEdit } from '../../language';
import type { HostedVm } from '../../simulator';
import type { ScenarioDocument } from '../documents';
import type { Finding } from '../findings';

/** Types of fixes and of their input. */

export type FixKind = 'quickfix' | 'refactor.rewrite' | 'refactor.extract';

/** An offered change; its title shows the new text. */
export interface Fix {
  readonly title: string;
  readonly kind: FixKind;
  /** The edits, or the name of an edit that is computed when it is chosen. */
  readonly edits: readonly TextEdit[] | WholeFile | OrderEdit;
  /** What it does instead of an edit. */
  readonly command?: { readonly command: string; readonly arguments: readonly (string | number)[] };
  /** Whether it is most likely the intended fix. */
  readonly preferred?: boolean;
  /** Why it is disabled. */
  readonly disabled?: string;
}

export type WholeFile = 'accept-all' | 'expectation-all';

/** The edit that writes an order of a race as a scenario: the index of the race, and the number of the order. */
export interface OrderEdit {
  readonly race: number;
  readonly order: number;
}

/** A finding on a statement, with the machine before it. */
export interface FixableFinding {
  readonly scenario: ScenarioDocument;
  readonly finding: Finding;
  readonly statement: Statement;
  /** Null if the background run has not reached the statement. */
  readonly before: HostedVm | null;
}

export function quickFix(title: string, edits: readonly TextEdit[], preferred = false): Fix {
  return { title, kind: 'quickfix', edits, preferred };
}
