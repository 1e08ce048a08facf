/** What `gmemscope test` found out, for people and for continuous integration. */
import { type Program, positionAt } from '../language';
import { type Checked, type ScenarioReport, sourceLine } from '../outcome';
import type { Scenario } from './scenario';
import type { Painter } from './style';

export interface FileReport {
  readonly file: string;
  /** Null where it could not be read. */
  readonly scenario: Scenario | null;
  /** Why it was not run, a line each. */
  readonly errors: readonly string[];
  readonly scenarios: readonly ScenarioReport[];
  /** Statements whose claims were rewritten. */
  readonly updated: number;
}

type Report = (files: readonly FileReport[], paint: Painter) => string;

/** One scenario, or a file that could not be run. */
interface Case {
  readonly name: string;
  readonly claims: number;
  /** Line of the first statement that fails, or else of the scenario; from 1. */
  readonly line: number;
  /** Empty where all is as claimed. */
  readonly failure: readonly string[];
}

/** A statement with what is claimed of it (`-`) and what it does (`+`). */
function difference(file: string, scenario: Scenario | null, one: Checked): readonly string[] {
  const head = `${file}:${one.statement.line}: ${sourceLine(scenario?.text ?? '', one.statement)}`;
  return [head, ...one.unmet.flatMap(({ expected, actual }) => [`  - ${expected}`, `  + ${actual}`])];
}

/** Line of a scenario's block, from 1; of a file without blocks the first. */
function lineOf(scenario: Scenario, program: Program | undefined): number {
  return positionAt(scenario.lines, program?.block?.start ?? 0).line + 1;
}

function casesOf({ file, scenario, errors, scenarios }: FileReport): readonly Case[] {
  if (errors.length > 0) return [{ name: file, claims: 0, line: 1, failure: errors }];
  return scenarios.map(({ title, claims, unmet }, at) => ({
    name: title === null ? file : `${file}: ${title}`,
    claims,
    line:
      unmet[0]?.statement.line ?? (scenario === null ? 1 : lineOf(scenario, scenario.analysis.programs[at])),
    failure: unmet.flatMap((one) => difference(file, scenario, one)),
  }));
}

function counted(count: number, what: string): string {
  return `${count} ${what}${count === 1 ? '' : 's'}`;
}

const textReport: Report = (files, paint) => {
  const cases = files.flatMap(casesOf);
  const failed = cases.filter(({ failure }) => failure.length > 0);
  const updated = files.reduce((sum, file) => sum + file.updated, 0);
  const lines = cases.flatMap(({ name, claims, failure }) =>
    failure.length === 0
      ? [
          `ok    ${name} ${paint('quiet', claims === 0 ? '(no expectations)' : `(${counted(claims, 'expectation')})`)}`,
        ]
      : [paint('failed', `FAIL  ${name}`), ...failure.map((line) => `      ${line}`)],
  );
  const rewritten = updated === 0 ? [] : [`${counted(updated, 'expectation')} updated`];
  return `${[...lines, ...rewritten, `${cases.length - failed.length} passed, ${failed.length} failed`].join('\n')}\n`;
};

/** The Test Anything Protocol, version 14 (https://testanything.org). */
const tapReport: Report = (files) => {
  const cases = files.flatMap(casesOf);
  const lines = cases.flatMap(({ name, failure }, at) => {
    const point = `${failure.length === 0 ? 'ok' : 'not ok'} ${at + 1} - ${name.replaceAll(/[\\#]/g, '\\$&')}`;
    if (failure.length === 0) return [point];
    return [point, '  ---', '  message: |', ...failure.map((line) => `    ${line}`), '  ...'];
  });
  return `${['TAP version 14', `1..${cases.length}`, ...lines].join('\n')}\n`;
};

const ENTITIES: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' };

/** Text of XML 1.0; control characters that it has no place for are left out. */
function xml(text: string): string {
  const allowed = [...text].filter((sign) => sign >= ' ' || sign === '\n' || sign === '\t');
  return allowed.map((sign) => ENTITIES[sign] ?? sign).join('');
}

/**
 * The XML that most continuous integration reads (https://github.com/testmoapp/junitxml). It has no times: the same
 * scenarios give the same report.
 */
const junitReport: Report = (files) => {
  const suites = files.map((file) => {
    const cases = casesOf(file);
    const failures = cases.filter(({ failure }) => failure.length > 0).length;
    const rows = cases.map(({ name, line, failure }) => {
      const place = `classname="${xml(file.file)}" file="${xml(file.file)}" line="${line}"`;
      const head = `    <testcase name="${xml(name)}" ${place}`;
      if (failure.length === 0) return `${head}/>`;
      return `${head}>\n      <failure message="${xml(failure[0]!)}">${xml(failure.join('\n'))}</failure>\n    </testcase>`;
    });
    const head = `  <testsuite name="${xml(file.file)}" tests="${cases.length}" failures="${failures}">`;
    return [head, ...rows, '  </testsuite>'].join('\n');
  });
  return `${['<?xml version="1.0" encoding="UTF-8"?>', '<testsuites name="gmemscope">', ...suites, '</testsuites>'].join('\n')}\n`;
};

export const REPORTS: ReadonlyMap<string, Report> = new Map([
  ['text', textReport],
  ['tap', tapReport],
  ['junit', junitReport],
]);
