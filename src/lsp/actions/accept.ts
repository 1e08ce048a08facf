import type { Statement } from '../../language';
import {
  type Acceptances,
  acceptancesOf,
  acceptedText,
  type Checked,
  hasFailedExpectation,
  hasUnexpectedNews,
} from '../../outcome';
import { elementAt } from '../../simulator';
import { allThatRan, ranAs } from '../background-run/background-run';
import type { ScenarioDocument } from '../documents';
import { shortened } from '../failed-expectation';
import type { Fix, FixableFinding, FixKind, WholeFile } from './fix';

/** Code actions that update or add expectations, for one statement or for the whole file. */

/** Maximum length of an expectation in a title. */
const MOST = 80;

/** A statement can have different outcomes in the scenarios that share it. */
const DISPUTED =
  'the statement has different outcomes in the scenarios that share it: write the expectation in each block';

/** Which statements each whole-file edit covers. */
const WHOLE_FILE = {
  // The outcome in one order of a race need not be that in another.
  'accept-all': (one: Checked) => hasFailedExpectation(one) && one.statement.race === null,
  'expectation-all': hasUnexpectedNews,
} as const;

/** The whole-file edit of this name. */
export function wholeFileEdits({ analysis, backgroundRun }: ScenarioDocument, name: WholeFile): Acceptances {
  return acceptancesOf(analysis().document, allThatRan(backgroundRun()), WHOLE_FILE[name]);
}

export function isWholeFile(name: unknown): name is WholeFile {
  return typeof name === 'string' && Object.hasOwn(WHOLE_FILE, name);
}

/** Sets the expectation of a statement to its outcome, in every scenario that runs it. */
function expectationFix(
  { analysis, backgroundRun }: ScenarioDocument,
  statement: Statement,
  what: string,
  kind: FixKind,
): Fix[] {
  const ran = ranAs(backgroundRun(), statement);
  const [first] = ran;
  if (first === undefined || first.statement.race !== null) return [];
  const { edits, disputed } = acceptancesOf(analysis().document, ran, () => true);
  if (disputed.length > 0) return [{ title: what, kind, edits: [], disabled: DISPUTED }];
  return [{ title: `${what}: \`${shortened(acceptedText(first), MOST)}\``, kind, edits }];
}

/** For a failed expectation. */
export function acceptanceFixes({ scenario, finding, statement }: FixableFinding): readonly Fix[] {
  if (finding.shown?.remark.kind !== 'failed-expectation') return [];
  const failed = scenario.backgroundRun().runs.flatMap(({ remarks, program }) =>
    remarks
      .filter(({ kind }) => kind === 'failed-expectation')
      .map(({ index }) => elementAt(program.statements, index))
      .filter(({ race }) => race === null)
      .map((compiled) => compiled.statement),
  );
  const own = expectationFix(scenario, statement, 'Update expectation', 'quickfix');
  if (new Set(failed).size < 2) return own;
  return [...own, { title: 'Update all expectations in file', kind: 'quickfix', edits: 'accept-all' }];
}

/** For a statement without an expectation. */
export function expectationRefactorings(scenario: ScenarioDocument, statement: Statement): readonly Fix[] {
  if (statement.expectation !== null) return [];
  const own = expectationFix(scenario, statement, 'Add expectation', 'refactor.rewrite');
  if (own.length === 0) return [];
  const title = 'Add all missing expectations in file';
  return [...own, { title, kind: 'refactor.rewrite', edits: 'expectation-all' }];
}
