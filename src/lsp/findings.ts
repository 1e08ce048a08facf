import {
  capped,
  DIAGNOSTIC_LIMIT,
  type Diagnostic,
  type DiagnosticCode,
  nameFor,
  numberFor,
  type Program,
  type RelatedSpan,
  type Role,
  type Span,
  type Statement,
} from '../language';
import { elementAt, type Refusal } from '../simulator';
import { type BackgroundRun, reachedMachine, type ScenarioRun } from './background-run/background-run';
import type { Remark } from './background-run/remarks';
import type { ScenarioDocument } from './documents';
import { failedExpectationSpan } from './failed-expectation';
import { slotLine } from './hover/facts';
import type { Explorations } from './races/exploration';
import { coverageOf, type FailedVerdict, raceFindings } from './races/race-findings';

/** Collects the static and runtime diagnostics of a text. */

export interface Finding {
  readonly diagnostic: Diagnostic;
  /** The runtime diagnostic and its run; null for others. */
  readonly shown: { readonly remark: Remark; readonly run: ScenarioRun } | null;
  /** The failed expectation of a race; absent for others. */
  readonly failed?: FailedVerdict;
}

/** The arguments that cause each refusal, by name; without an entry, the whole statement is marked. */
const BLAMED: Readonly<Partial<Record<Refusal, readonly Role[]>>> = {
  'size-unaligned': ['size'],
  'size-zero': ['size'],
  'gmem-size': ['size'],
  'slot-too-large': ['size'],
  'gpa-unaligned': ['gpa'],
  'gfn-above-limit': ['gpa', 'size'],
  'slot-overlap': ['gpa', 'size'],
  'offset-unaligned': ['offset'],
  'offset-negative': ['offset'],
  'binding-outside-file': ['file', 'offset'],
  'binding-overlap': ['file', 'offset'],
  'gmem-after-creation': ['file', 'offset'],
  'beyond-file': ['offset', 'size'],
  'bad-descriptor': ['file'],
  'slot-id': ['slot'],
  'foreign-file': ['file'],
  'launch-needs-gmem': ['gpa'],
  'launch-needs-private': ['gpa', 'size'],
  'rmp-assigned': ['gpa', 'size'],
  'no-page': ['offset'],
};

function blamedSpan(statement: Statement, reason: Refusal | null): Span {
  const names = reason === null ? [] : (BLAMED[reason] ?? []);
  const spans = names.flatMap((name) => (numberFor(statement, name) ?? nameFor(statement, name))?.span ?? []);
  if (spans.length === 0) return statement.callSpan;
  return {
    start: Math.min(...spans.map(({ start }) => start)),
    end: Math.max(...spans.map(({ end }) => end)),
  };
}

/** Refusals that may be caused by an earlier statement that did not run because of errors. */
const CONSEQUENCES: ReadonlySet<Refusal | null> = new Set(['bad-descriptor', 'unknown-slot']);

const REMARK_CODES: Readonly<Record<Remark['kind'], DiagnosticCode>> = {
  refused: 'G201',
  livelock: 'G202',
  warn: 'G203',
  stale: 'G209',
  'failed-expectation': 'G206',
  suspended: 'G207',
  missed: 'G208',
};

/** Whether a remark may be caused by an earlier error, which has its own diagnostic. */
function isConsequence({ kind, reason, index }: Remark, { statements, doubtfulFrom }: Program): boolean {
  if (doubtfulFrom === null || elementAt(statements, index).statement.span.start <= doubtfulFrom)
    return false;
  return kind === 'failed-expectation' || CONSEQUENCES.has(reason);
}

/** The statements that created the slots and files that a remark concerns. */
function relatedTo({ index, slots, files }: Remark, run: ScenarioRun): RelatedSpan[] {
  const { statements } = run.program;
  const before = reachedMachine(run, index);
  const makers = files.flatMap((file) => {
    const maker = statements
      .slice(0, index)
      .findLast(({ call }) => call.kind === 'gmem' && call.name === file);
    return maker === undefined ? [] : [{ span: maker.statement.callSpan, message: `file ${file}` }];
  });
  const places = slots.map((origin) => ({
    span: elementAt(statements, origin.index).statement.callSpan,
    message: slotLine(origin.slot, before),
  }));
  return [...places, ...makers];
}

function remarkFinding(remark: Remark, run: ScenarioRun): Finding {
  const { kind, index, message, reason, failed } = remark;
  const { statement } = elementAt(run.program.statements, index);
  const diagnostic: Diagnostic = {
    code: REMARK_CODES[kind],
    severity: kind === 'failed-expectation' ? 'error' : 'warning',
    span: failed === null ? blamedSpan(statement, reason) : failedExpectationSpan(statement, failed),
    message,
    related: relatedTo(remark, run),
  };
  return { diagnostic, shown: { remark, run } };
}

/** Reports which scenarios were not run because the text has too many statements. */
function leftOutFindings(runs: readonly ScenarioRun[]): Finding[] {
  const block = runs.find(({ stopped }) => stopped === 'left-out')?.program.block;
  if (block === undefined || block === null) return [];
  const message =
    'this scenario and those below are not checked against KVM while typing: with those above, they have too many statements';
  const span = { start: block.start, end: block.start + 'scenario'.length };
  return [{ diagnostic: { code: 'G204', severity: 'information', span, message }, shown: null }];
}

/** Reports where the background run stopped before the end of the scenario. */
function stopFinding({ program, moments, stopped, failure }: ScenarioRun): Finding[] {
  if (stopped !== 'budget' && stopped !== 'failed') return [];
  const first = program.statements[moments.length - 1];
  if (first === undefined) return [];
  const message =
    stopped === 'budget'
      ? 'the background run stopped here, because its budget is used up: debug or test the scenario to check the rest'
      : `the simulator cannot run this: ${failure}`;
  const span = first.statement.keywordSpan;
  return [{ diagnostic: { code: 'G204', severity: 'information', span, message }, shown: null }];
}

/** A remark of the first scenario that has it, and its offset. */
interface Told {
  readonly remark: Remark;
  readonly run: ScenarioRun;
  readonly start: number;
}

/** The remarks of all scenarios, in the order of the text: those on shared statements are the same in the ones below. */
function remarksIn({ runs }: BackgroundRun, races: Explorations): readonly Told[] {
  const seen = new Set<Remark>();
  const told: Told[] = [];
  for (const run of runs) {
    const isCovered = coverageOf(races, run.program);
    for (const remark of run.remarks) {
      if (seen.has(remark) || isConsequence(remark, run.program) || isCovered(remark)) continue;
      seen.add(remark);
      const { start } = elementAt(run.program.statements, remark.index).statement.span;
      told.push({ remark, run, start });
    }
  }
  return told.sort((a, b) => a.start - b.start);
}

/** Findings that several scenarios have in common, because they share a statement, are listed once. */
function backgroundRunFindings(backgroundRun: BackgroundRun, races: Explorations): Finding[] {
  const { runs } = backgroundRun;
  const seen = new Set<string>();
  const isNew = ({ diagnostic: { code, span, message } }: Finding) => {
    const key = `${code} ${span.start} ${message}`;
    return seen.has(key) ? false : seen.add(key);
  };
  const remarks = remarksIn(backgroundRun, races);
  const listed = remarks.slice(0, DIAGNOSTIC_LIMIT).map(({ remark, run }) => remarkFinding(remark, run));
  const orders = raceFindings(races).map((one): Finding => ({ shown: null, ...one }));
  const stops = [...runs.flatMap(stopFinding), ...leftOutFindings(runs), ...orders];
  return [...listed, ...stops].filter(isNew).concat(notListed(remarks));
}

/** Says how many remarks are not listed. */
function notListed(remarks: readonly Told[]): Finding[] {
  const next = remarks[DIAGNOSTIC_LIMIT];
  if (next === undefined) return [];
  const { keywordSpan: span } = elementAt(next.run.program.statements, next.remark.index).statement;
  const message = `${remarks.length - DIAGNOSTIC_LIMIT} more diagnostics of running the scenarios are not listed`;
  return [{ diagnostic: { code: 'G009', severity: 'information', span, message }, shown: null }];
}

/** The current findings, in the order of the text; a background run in progress may add more. */
export function findingsOf({ analysis, backgroundRun, explorations }: ScenarioDocument): readonly Finding[] {
  const found = capped(analysis().diagnostics).map((diagnostic): Finding => ({ diagnostic, shown: null }));
  return [...found, ...backgroundRunFindings(backgroundRun(), explorations())].sort(
    (a, b) => a.diagnostic.span.start - b.diagnostic.span.start,
  );
}
