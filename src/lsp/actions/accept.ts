import type { Statement } from '../../language';
import { type Acceptances, acceptancesOf, acceptedText, hasUnclaimedNews, isUnmet } from '../../outcome';
import type { ScenarioDocument } from '../documents';
import { allThatRan, ranAs } from '../rehearsal/rehearsal';
import { shortened } from '../unmet';
import type { Fix, FixableFinding, FixKind, WholeFile } from './fix';

/** Claiming what happens: of one statement, or of all in the file. */

/** Characters of an outcome that fit into a title. */
const MOST = 80;

/** A statement does different things in the scenarios that share it. */
const DISPUTED = 'the scenarios that share the statement do different things here: claim it in their blocks';

/** What each change of the whole file is made of. */
const WHOLE_FILE = { 'accept-all': isUnmet, 'claim-all': hasUnclaimedNews } as const;

/** The change of a whole file that has this name. */
export function wholeFileEdits({ analysis, rehearsal }: ScenarioDocument, name: WholeFile): Acceptances {
  return acceptancesOf(analysis().document, allThatRan(rehearsal()), WHOLE_FILE[name]);
}

export function isWholeFile(name: unknown): name is WholeFile {
  return typeof name === 'string' && Object.hasOwn(WHOLE_FILE, name);
}

/** Lets the statement claim what it did, in every scenario that has it. */
function claimFix(
  { analysis, rehearsal }: ScenarioDocument,
  statement: Statement,
  what: string,
  kind: FixKind,
): Fix[] {
  const ran = ranAs(rehearsal(), statement);
  const [first] = ran;
  if (first === undefined) return [];
  const { edits, disputed } = acceptancesOf(analysis().document, ran, () => true);
  if (disputed.length > 0) return [{ title: what, kind, edits: [], disabled: DISPUTED }];
  return [{ title: `${what}: \`${shortened(acceptedText(first), MOST)}\``, kind, edits }];
}

/** On a claim that is not so. */
export function acceptanceFixes({ scenario, finding, statement }: FixableFinding): readonly Fix[] {
  if (finding.shown?.remark.kind !== 'unmet') return [];
  const unmet = scenario
    .rehearsal()
    .runs.flatMap(({ remarks, program }) =>
      remarks.filter(({ kind }) => kind === 'unmet').map(({ index }) => program.statements[index]!.statement),
    );
  const own = claimFix(scenario, statement, 'Accept what happened', 'quickfix');
  if (new Set(unmet).size < 2) return own;
  return [...own, { title: 'Accept all in file', kind: 'quickfix', edits: 'accept-all' }];
}

/** On a statement that claims nothing. */
export function claimRefactorings(scenario: ScenarioDocument, statement: Statement): readonly Fix[] {
  if (statement.outcome !== null) return [];
  const own = claimFix(scenario, statement, 'Claim what happens', 'refactor.rewrite');
  if (own.length === 0) return [];
  const title = 'Claim what happens, wherever something does in the file';
  return [...own, { title, kind: 'refactor.rewrite', edits: 'claim-all' }];
}
