/** Reports of `gmemscope test`, for people and for continuous integration. */

import { type Program, positionAt } from '../language';
import {
  type Checked,
  type CheckedRace,
  contraryText,
  counted,
  JSON_VERSION,
  type KernelCounts,
  type ProfileCoverage,
  type ScenarioReport,
  type StatementOutcome,
  sourceLine,
  verdictSentence,
} from '../outcome';
import { firstOf, must } from '../simulator';
import { coverageLines } from './coverage';
import type { ScenarioFile } from './scenario-file';
import type { Painter } from './style';
import { jsonText } from './visible';

/** Why a file was not run. */
export interface FileError {
  /** `hole.gmem:3:12: error: …`. */
  readonly text: string;
  readonly message: string;
  /** Null if it concerns the whole file. */
  readonly diagnostic: { readonly line: number; readonly column: number; readonly code: string } | null;
}

/** For each statement that fails, also its outcome. */
export type CheckedScenario = ScenarioReport & { readonly outcomes: ReadonlyMap<Checked, StatementOutcome> };

/** What is reported of a file, as plain data: workers send it. */
export interface FileReport {
  readonly file: string;
  /** Why the file was not run. */
  readonly errors: readonly FileError[];
  readonly cases: readonly Case[];
  readonly scenarios: readonly TestScenarioRecord[];
  /** Statements whose expectations were updated. */
  readonly updated: number;
  /** The steps of the kernels that its scenarios ran, if they are counted. */
  readonly counts: readonly KernelCounts[];
}

/** The report of a file whose scenarios ran. */
export function fileReport(scenario: ScenarioFile, scenarios: readonly CheckedScenario[]): FileReport {
  const { file } = scenario;
  const cases = casesOf(scenario, scenarios);
  return { file, errors: [], cases, scenarios: scenarios.map(scenarioRecord), updated: 0, counts: [] };
}

/** The report of a file that was not run. */
export function errorReport(file: string, errors: readonly FileError[]): FileReport {
  const failure = errors.map(({ text }) => text);
  const cases = [{ name: file, expectations: 0, line: 1, failure }];
  return { file, errors, cases, scenarios: [], updated: 0, counts: [] };
}

/** @param coverage Null unless the steps were counted. */
type Report = (
  files: readonly FileReport[],
  paint: Painter,
  coverage: readonly ProfileCoverage[] | null,
) => string;

/** One scenario, or a file that could not be read. */
interface Case {
  readonly name: string;
  readonly expectations: number;
  /** Line of the first statement that fails, otherwise of the scenario; from 1. */
  readonly line: number;
  /** Empty if all expectations are met. */
  readonly failure: readonly string[];
}

/** A statement with its expectation (`-`) and its outcome (`+`). */
function difference({ file, text }: ScenarioFile, one: Checked): readonly string[] {
  const head = `${file}:${one.statement.line}: ${sourceLine(text, one.statement)}`;
  return [head, ...one.failed.flatMap(({ expected, actual }) => [`  - ${expected}`, `  + ${actual}`])];
}

/** What does not hold in every order of a race, or in none. */
function raceFailure(file: string, race: CheckedRace | null): readonly string[] {
  if (race === null || (race.complete && race.failed.length === 0)) return [];
  const head = `${file}:${race.line}: race, ${counted(race.states, 'state')}; \`gmemscope explore\` shows the orders`;
  return [
    head,
    ...(race.complete ? [] : ['  not every order was tried, so what was not found is not excluded']),
    ...race.failed.flatMap((verdict) => [
      `  - ${verdict.quantifier} ${verdict.what}`,
      `  + ${contraryText(verdict)}`,
    ]),
  ];
}

/** Line of a scenario's block, from 1; 1 for a file without blocks. */
function lineOf(scenario: ScenarioFile, program: Program | undefined): number {
  return positionAt(scenario.lines, program?.block?.start ?? 0).line + 1;
}

function casesOf(scenario: ScenarioFile, scenarios: readonly CheckedScenario[]): readonly Case[] {
  const { file, analysis } = scenario;
  return scenarios.map(({ title, expectations, failed, race }, at) => ({
    name: title === null ? file : `${file}: ${title}`,
    expectations,
    line:
      failed[0]?.statement.line ??
      (race !== null && raceFailure(file, race).length > 0
        ? race.line
        : lineOf(scenario, analysis.programs[at])),
    failure: [...failed.flatMap((one) => difference(scenario, one)), ...raceFailure(file, race)],
  }));
}

const textReport: Report = (files, paint, coverage) => {
  const cases = files.flatMap(({ cases }) => cases);
  const failed = cases.filter(({ failure }) => failure.length > 0);
  const updated = files.reduce((sum, file) => sum + file.updated, 0);
  const lines = cases.flatMap(({ name, expectations, failure }) =>
    failure.length === 0
      ? [
          `ok    ${name} ${paint('quiet', expectations === 0 ? '(no expectations)' : `(${counted(expectations, 'expectation')})`)}`,
        ]
      : [paint('failed', `FAIL  ${name}`), ...failure.map((line) => `      ${line}`)],
  );
  const rewritten = updated === 0 ? [] : [`${counted(updated, 'expectation')} updated`];
  const count = `${cases.length - failed.length} passed, ${failed.length} failed`;
  return `${[...lines, ...rewritten, count, ...coverageLines(coverage ?? [])].join('\n')}\n`;
};

/** The Test Anything Protocol, version 14 (https://testanything.org). */
const tapReport: Report = (files, _paint, coverage) => {
  const cases = files.flatMap(({ cases }) => cases);
  const lines = cases.flatMap(({ name, failure }, at) => {
    const point = `${failure.length === 0 ? 'ok' : 'not ok'} ${at + 1} - ${name.replaceAll(/[\\#]/g, '\\$&')}`;
    if (failure.length === 0) return [point];
    return [point, '  ---', '  message: |', ...failure.map((line) => `    ${line}`), '  ...'];
  });
  const comments = coverageLines(coverage ?? []).map((line) => `# ${line}`);
  return `${['TAP version 14', `1..${cases.length}`, ...lines, ...comments].join('\n')}\n`;
};

const ENTITIES: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' };

/** Text for XML 1.0; control characters that it cannot represent are dropped. */
function xml(text: string): string {
  const allowed = [...text].filter((sign) => sign >= ' ' || sign === '\n' || sign === '\t');
  return allowed.map((sign) => ENTITIES[sign] ?? sign).join('');
}

/**
 * JUnit XML, which most continuous integration reads (https://github.com/testmoapp/junitxml). It contains no times, so
 * the same scenarios give the same report.
 */
const junitReport: Report = (files) => {
  const suites = files.map(({ file, cases }) => {
    const failures = cases.filter(({ failure }) => failure.length > 0).length;
    const rows = cases.map(({ name, line, failure }) => {
      const place = `classname="${xml(file)}" file="${xml(file)}" line="${line}"`;
      const head = `    <testcase name="${xml(name)}" ${place}`;
      if (failure.length === 0) return `${head}/>`;
      return `${head}>\n      <failure message="${xml(firstOf(failure))}">${xml(failure.join('\n'))}</failure>\n    </testcase>`;
    });
    const head = `  <testsuite name="${xml(file)}" tests="${cases.length}" failures="${failures}">`;
    return [head, ...rows, '  </testsuite>'].join('\n');
  });
  return `${['<?xml version="1.0" encoding="UTF-8"?>', '<testsuites name="gmemscope">', ...suites, '</testsuites>'].join('\n')}\n`;
};

/** The document of `test --json`. */
export interface TestRecord {
  readonly version: number;
  readonly passed: number;
  readonly failed: number;
  /** Statements whose expectations were updated. */
  readonly updated: number;
  readonly files: readonly TestFileRecord[];
  /** With `--coverage`. */
  readonly coverage?: readonly TestCoverageRecord[];
}

/** The coverage of a profile. */
export type TestCoverageRecord = Omit<ProfileCoverage, 'listings'>;

export interface TestFileRecord {
  readonly file: string;
  readonly errors: readonly {
    readonly message: string;
    readonly line?: number;
    readonly column?: number;
    readonly code?: string;
  }[];
  readonly scenarios: readonly TestScenarioRecord[];
}

export interface TestScenarioRecord {
  readonly scenario?: string;
  readonly expectations: number;
  /** Its race, if it has one. */
  readonly race?: TestRaceRecord;
  readonly failed: readonly TestStatementRecord[];
}

export interface TestRaceRecord {
  readonly line: number;
  readonly states: number;
  readonly complete: boolean;
  readonly failed: readonly { readonly expected: string; readonly message: string }[];
}

export interface TestStatementRecord {
  readonly line: number;
  readonly statement: string;
  readonly outcome: StatementOutcome;
}

function raceRecord({ line, states, complete, failed }: CheckedRace): TestRaceRecord {
  return {
    ...{ line, states, complete },
    failed: failed.map((verdict) => ({
      expected: `${verdict.quantifier} ${verdict.what}`,
      message: verdictSentence(verdict),
    })),
  };
}

function scenarioRecord({
  title,
  expectations,
  failed,
  race,
  outcomes,
}: CheckedScenario): TestScenarioRecord {
  return {
    ...(title === null ? {} : { scenario: title }),
    expectations,
    ...(race === null ? {} : { race: raceRecord(race) }),
    failed: failed.map((one) => ({
      line: one.statement.line,
      statement: one.statement.statement.keyword,
      outcome: must(outcomes.get(one), 'outcome of the statement'),
    })),
  };
}

const jsonReport: Report = (files, _paint, coverage) => {
  const cases = files.flatMap(({ cases }) => cases);
  const failed = cases.filter(({ failure }) => failure.length > 0).length;
  const record: TestRecord = {
    version: JSON_VERSION,
    passed: cases.length - failed,
    failed,
    updated: files.reduce((sum, { updated }) => sum + updated, 0),
    files: files.map(({ file, errors, scenarios }) => ({
      file,
      errors: errors.map(({ message, diagnostic }) => ({ message, ...diagnostic })),
      scenarios,
    })),
    ...(coverage === null ? {} : { coverage: coverage.map(({ listings: _, ...record }) => record) }),
  };
  return `${jsonText(record)}\n`;
};

export const REPORTS: ReadonlyMap<string, Report> = new Map([
  ['text', textReport],
  ['tap', tapReport],
  ['junit', junitReport],
  ['json', jsonReport],
]);
