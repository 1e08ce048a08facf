/** The published schema: every document that a command prints with `--json`. */
import type { ComparisonRecord } from '../../../src/cli/compare-command';
import type {
  OutcomeRecord,
  RaceRecord,
  VerdictRecord,
  WithoutRecord,
} from '../../../src/cli/explore-report';
import type { FigureRecord, ScheduleRecord } from '../../../src/cli/render';
import type {
  TestCoverageRecord,
  TestFileRecord,
  TestRaceRecord,
  TestRecord,
  TestScenarioRecord,
  TestStatementRecord,
} from '../../../src/cli/test-reports';
import {
  JSON_VERSION,
  type StatementDifference,
  type StatementPlace,
  type StatementRecord,
} from '../../../src/outcome';
import { figure } from './figure';
import { outcome, outcomeKeys } from './outcome';
import { schedule } from './schedule-figure';
import {
  always,
  count,
  flag,
  fromOne,
  list,
  object,
  orNull,
  type Properties,
  type Schema,
  schema,
  sometimes,
  text,
  tuple,
  words,
} from './schema';

const version = always(
  `${JSON_VERSION}. It rises when a key is removed or changes its meaning.`,
  schema<number>({ const: JSON_VERSION }),
);

const place: Properties<StatementPlace> = {
  file: always('The scenario file, as named on the command line.', text),
  scenario: sometimes('The title of its `scenario` block; absent for a file without blocks.', text),
  line: always('The line on which the statement starts, from 1.', fromOne),
  statement: always('Its keyword.', text),
};

/** The keys of a line of `run --json`. */
export const runKeys: Properties<StatementRecord> = { version, ...place, ...outcomeKeys };

export const differences: Readonly<Record<StatementDifference, string>> = {
  none: 'Both kernels do the same.',
  order: 'The SPTEs end up the same, but change in another order.',
  bits: 'The same SPTEs change, and only bits of their leaves differ.',
  outcome:
    'Anything else: what an expectation can name, an exit, a fault (vCPU, address or error code), what the inline text adds, which SPTEs change, or whether a leaf maps a file, userspace memory or the zero page. Which frame it maps does not count.',
};

export const compareKeys: Properties<ComparisonRecord> = {
  version,
  ...place,
  difference: always('How the kernels differ, as below.', words(differences)),
  kernels: always('The two kernels.', tuple<ComparisonRecord['kernels']>(['left', text], ['right', text])),
  outcomes: always(
    'The outcome of the statement on each: the keys from `vm` on, as above.',
    tuple<ComparisonRecord['outcomes']>(['left', outcome], ['right', outcome]),
  ),
};

export const testStatementKeys: Properties<TestStatementRecord> = {
  line: always('The line of a statement whose expectation failed.', fromOne),
  statement: always('Its keyword.', text),
  outcome: always('Its outcome, with `failedExpectations`.', outcome),
};

export const testScenarioKeys: Properties<TestScenarioRecord> = {
  scenario: sometimes('The title of the `scenario` block.', text),
  expectations: always('How many statements have an expectation.', count),
  failed: always(
    'The statements whose expectation failed.',
    list(object<TestStatementRecord>(testStatementKeys)),
  ),
  race: sometimes(
    'Its race, if it has one: the number of states, whether every order was tried (`complete`), and what does not hold.',
    object<TestRaceRecord>({
      line: always('', fromOne),
      states: always('', count),
      complete: always('', flag),
      failed: always(
        '',
        list(
          object<TestRaceRecord['failed'][number]>({
            expected: always('', text),
            message: always('', text),
          }),
        ),
      ),
    }),
  ),
};

/** The keys of a line of `explore --json`. */
export const exploreKeys: Properties<RaceRecord> = {
  version,
  index: always('Position of the race in the list of all that the command line names, from 1.', fromOne),
  of: always('Length of that list.', fromOne),
  file: always('The scenario file, as named or found.', text),
  scenario: sometimes('The title of the `scenario` block.', text),
  line: always('The line of the race, from 1.', fromOne),
  complete: always('Whether every order was tried.', flag),
  states: always('How many states were found.', count),
  transitions: always('How many moves lead from one to another.', count),
  depth: always('The moves of the longest of the shortest orders to each state.', count),
  milliseconds: always('How long it took.', count),
  verdicts: always(
    'What the scenario expects of all orders, as `expected`, whether it `holds` (absent if that is not decided), a sentence, and the number of the order that decides.',
    list(
      object<VerdictRecord>({
        line: always('', fromOne),
        expected: always('', text),
        holds: sometimes('', flag),
        message: always('', text),
        witness: sometimes('', fromOne),
      }),
    ),
  ),
  columns: always('What differs between the outcomes: calls, and parts of the state at the end.', list(text)),
  outcomes: always(
    'The outcomes: a value for each column, the number of final states that have it, and the number of its order.',
    list(
      object<OutcomeRecord>({
        values: always('', list(text)),
        states: always('', count),
        witness: always('', fromOne),
      }),
    ),
  ),
};

/** The keys of a line of `explore --each --json` and `explore --without --json`. */
export const withoutKeys: Properties<WithoutRecord> = {
  version,
  file: always('The scenario file, as named or found.', text),
  line: always('The line of the race, from 1.', fromOne),
  left: always('The label of the step, or the kind of lock, that is left out.', text),
  procedure: sometimes('The procedure of the step; absent for a lock.', text),
  text: sometimes('What the step does; absent for a lock.', text),
  effect: always(
    'What becomes of the race.',
    words<WithoutRecord['effect']>({
      broken: 'Something goes wrong, or an expectation does not hold.',
      'other-outcomes': 'Nothing goes wrong, but the outcomes differ.',
      same: 'Nothing changes.',
      undecided: 'Not every order was tried.',
    }),
  ),
  detail: always('The same as a phrase, with what goes wrong.', text),
  moves: always('The moves of the shortest order that shows it; null if there is none.', orNull(count)),
};

export const testFileKeys: Properties<TestFileRecord> = {
  file: always('The file, as named or found.', text),
  errors: always(
    'Why the file was not run: `message`, and for an error in the text also `line`, `column` (from 1) and `code`.',
    list(
      object<TestFileRecord['errors'][number]>({
        message: always('', text),
        line: sometimes('', fromOne),
        column: sometimes('', fromOne),
        code: sometimes('', text),
      }),
    ),
  ),
  scenarios: always('Its scenarios.', list(object<TestScenarioRecord>(testScenarioKeys))),
};

export const testCoverageKeys: Properties<TestCoverageRecord> = {
  kernel: always('The profile.', text),
  steps: always(
    'How many steps its procedures have. A step of a variant that no scenario chooses does not count.',
    count,
  ),
  reached: always('How many of them a scenario ran, or some order of its race.', count),
  missing: always(
    'The others, in the order of the listings: `procedure`, `label`, and what the step does.',
    list(
      object<TestCoverageRecord['missing'][number]>({
        procedure: always('', text),
        label: always('', text),
        text: always('', text),
      }),
    ),
  ),
};

export const testKeys: Properties<TestRecord> = {
  version,
  passed: always('How many scenarios passed.', count),
  failed: always('How many failed, including files that were not run.', count),
  updated: always('How many expectations `--update` and `--add` wrote.', count),
  files: always('The files, as below.', list(object<TestFileRecord>(testFileKeys))),
  coverage: sometimes(
    'With `--coverage`: the coverage of each profile that a scenario chooses, as below.',
    list(object<TestCoverageRecord>(testCoverageKeys)),
  ),
};

export const renderKeys: Properties<FigureRecord> = {
  version,
  ...place,
  figure: always('The figure as plain data: panels with their lanes, and ranges in page numbers.', figure),
  outcome: sometimes('The outcome of the statement; absent if it makes no call.', outcome),
};

export const scheduleKeys: Properties<ScheduleRecord> = {
  version,
  file: always('The file, as named.', text),
  scenario: sometimes('The title of its scenario; absent in a file without blocks.', text),
  line: always('The line of the race, or of the first call, from 1.', fromOne),
  order: sometimes('The number of the order, for `--witness`; absent if there is no race.', fromOne),
  schedule: always(
    'The schedule as plain data: tasks with their locks, and rows in the order of the steps.',
    schedule,
  ),
};

const DOCUMENTS = {
  run: object<StatementRecord>(runKeys),
  compare: object<ComparisonRecord>(compareKeys),
  test: object<TestRecord>(testKeys),
  render: object<FigureRecord>(renderKeys),
  schedule: object<ScheduleRecord>(scheduleKeys),
  explore: object<RaceRecord>(exploreKeys),
  without: object<WithoutRecord>(withoutKeys),
};

const TITLES: Readonly<Record<keyof typeof DOCUMENTS, string>> = {
  run: 'A line of gmemscope run --json',
  compare: 'A line of gmemscope compare --json',
  test: 'Output of gmemscope test --json',
  render: 'Output of gmemscope render --json',
  schedule: 'Output of gmemscope render --schedule --json',
  explore: 'A line of gmemscope explore --json',
  without: 'A line of gmemscope explore --each --json',
};

/** The schema as a file. */
export function schemaFile(): string {
  const all = Object.entries(DOCUMENTS) as [keyof typeof DOCUMENTS, Schema<unknown>][];
  const whole = {
    $schema: 'https://json-schema.org/draft/2020-12/schema',
    $id: `urn:gmemscope:json:${JSON_VERSION}`,
    title: 'JSON of gmemscope',
    description: 'Every document that gmemscope prints with --json. #/$defs has each of them.',
    anyOf: all.map(([name]) => ({ $ref: `#/$defs/${name}` })),
    $defs: {
      ...Object.fromEntries(all.map(([name, { json }]) => [name, { title: TITLES[name], ...json }])),
      ...Object.assign({}, ...all.map(([, { definitions }]) => definitions)),
    },
  };
  return `${JSON.stringify(whole, null, 2)}\n`;
}
