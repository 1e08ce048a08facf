import type { Statement, TextEdit } from '../../language';
import type { HostedVm } from '../../simulator/model/vms';
import type { Scenario } from '../documents';
import type { Finding } from '../findings';

/** What a fix is, and what those that make fixes are told. */

export type FixKind = 'quickfix' | 'refactor.rewrite' | 'refactor.extract';

/** A change that is offered, with the text it writes in its title. */
export interface Fix {
  readonly title: string;
  readonly kind: FixKind;
  /** Of a change of the whole file, its name: it is worked out when it is chosen. */
  readonly edits: readonly TextEdit[] | WholeFile;
  /** Whether it is what was meant, most likely. */
  readonly preferred?: boolean;
  /** Why it cannot be done. */
  readonly disabled?: string;
}

export type WholeFile = 'accept-all' | 'claim-all';

/** Something that is wrong, with the machine that the statement finds. */
export interface Problem {
  readonly scenario: Scenario;
  readonly finding: Finding;
  readonly statement: Statement;
  /** Null where the scenario was not run up to here. */
  readonly before: HostedVm | null;
}

export function quickFix(title: string, edits: readonly TextEdit[], preferred = false): Fix {
  return { title, kind: 'quickfix', edits, preferred };
}
