import type { Call, Setup } from '../simulator/calls';
import type { Order } from '../simulator/run';
import { type Scenario, scenariosOf } from './blocks';
import { callOf, DEFAULT_VM, vmOf } from './calls';
import type { Claims } from './claims/claims';
import type { Diagnostic } from './diagnostics';
import { kernelChoiceOf } from './kernel-choice';
import { indexLines, type LineIndex, positionAt } from './positions';
import type { Document, Span, Statement } from './tree';
import { statementsIn } from './with-errors';

/** From the tree to what the simulator runs. */

/** How a call runs among others: all of an order but the call. */
export type Course = Omit<Order, 'call'>;

export interface CompiledStatement {
  readonly statement: Statement;
  /** Line of the keyword, from 1. */
  readonly line: number;
  /** Of `continue`, that of the call that goes on. */
  readonly call: Call;
  /** How the call runs among others. */
  readonly course: Course;
  /** What it is to do; null where the scenario does not say. */
  readonly expected: Claims | null;
}

/** One scenario, ready to run. */
export interface Program {
  /** Null for the only scenario of a document without blocks. */
  readonly title: string | null;
  /** Its block in the text; null for the only scenario of a document without blocks. */
  readonly block: Span | null;
  readonly setup: Setup;
  /** Its calls: without the first `vm`, and without the statements that have errors. */
  readonly statements: readonly CompiledStatement[];
  /** Why the program is incomplete; empty when it says what the scenario says. */
  readonly errors: readonly Diagnostic[];
  /**
   * Offset from which on calls may find another machine than the scenario says, because of an error above; null where
   * there are errors in outcomes only, or none.
   */
  readonly doubtfulFrom: number | null;
}

/** Statements with errors. */
interface Bad {
  /** What they call is not known: the error is in the statement itself. */
  readonly calls: ReadonlySet<Statement>;
  /** What is claimed of them is not known. */
  readonly outcomes: ReadonlySet<Statement>;
}

/** Where errors start, and all from the place on where errors are no longer listed. */
function withErrors(statements: readonly Statement[], errors: readonly Diagnostic[]): Bad {
  const cuts = errors.filter(({ code }) => code === 'G009').map(({ span }) => span.start);
  const cut = Math.min(Number.POSITIVE_INFINITY, ...cuts);
  const hit = statementsIn(statements, errors, ({ callSpan }) => callSpan);
  const misclaimed = statementsIn(statements, errors, ({ callSpan, span }) => {
    return { start: callSpan.end, end: span.end };
  });
  const isBad = (statement: Statement) =>
    !statement.wellFormed || hit.has(statement) || statement.span.end > cut;
  const isMisclaimed = (statement: Statement) =>
    statement.outcome?.wellFormed === false || misclaimed.has(statement);
  return {
    calls: new Set(statements.filter(isBad)),
    outcomes: new Set(statements.filter(isMisclaimed)),
  };
}

function setupOf(kernel: Statement | undefined, vm: Statement | undefined): Setup {
  return { ...kernelChoiceOf(kernel), ...(vm === undefined ? DEFAULT_VM : vmOf(vm)) };
}

/** Calls of a scenario by the names that it gives them. */
type NamedCalls = Map<string, Call>;

/** The call of a statement among the others of its scenario; null for those that make none. */
function compiledCall(
  statement: Statement,
  firstVm: Statement | undefined,
  bad: Bad['calls'],
  named: NamedCalls,
): Call | null {
  if (statement === firstVm) return null;
  if (bad.has(statement))
    return statement.keyword === 'vm' ? { kind: 'vm', type: 'default', vcpus: 1 } : null;
  const { call } = statement.names;
  if (statement.keyword === 'continue') return (call && named.get(call.text)) ?? null;
  return callOf(statement);
}

function courseOf({ keyword, names: { call, step } }: Statement, line: number): Course {
  return {
    title: call?.text ?? `line ${line}`,
    named: call !== undefined,
    until: step?.text ?? null,
    continues: keyword === 'continue',
  };
}

/** The errors that a scenario is incomplete by: all but those inside the blocks of others. */
function errorsOf(
  { block }: Scenario,
  { blocks }: Document,
  errors: readonly Diagnostic[],
): readonly Diagnostic[] {
  const others = blocks.filter((other) => other !== block);
  return errors.filter(
    ({ span }) => !others.some((other) => span.start >= other.span.start && span.start < other.span.end),
  );
}

/** Where the first error is that is not in an outcome. */
function firstDoubt(errors: readonly Diagnostic[], { outcomes }: Bad): number | null {
  const claimed = [...outcomes].map(({ callSpan, span }) => ({ start: callSpan.end, end: span.end }));
  const offsets = errors
    .map(({ span }) => span.start)
    .filter((offset) => !claimed.some(({ start, end }) => offset >= start && offset < end));
  return offsets.length === 0 ? null : offsets.reduce((first, offset) => Math.min(first, offset));
}

function compileScenario(
  scenario: Scenario,
  errors: readonly Diagnostic[],
  bad: Bad,
  lines: LineIndex,
): Program {
  const vm = scenario.statements.find(({ keyword }) => keyword === 'vm');
  const kernel = scenario.statements.find(
    (statement) => statement.keyword === 'kernel' && !bad.calls.has(statement),
  );
  const named: NamedCalls = new Map();
  const statements = scenario.statements.flatMap((statement): CompiledStatement[] => {
    const call = compiledCall(statement, vm, bad.calls, named);
    if (call === null) return [];
    const line = positionAt(lines, statement.keywordSpan.start).line + 1;
    const course = courseOf(statement, line);
    if (course.named) named.set(course.title, call);
    const expected = bad.outcomes.has(statement) ? null : (statement.outcome?.claims ?? null);
    return [{ statement, line, call, course, expected }];
  });
  const setup = setupOf(kernel, vm !== undefined && bad.calls.has(vm) ? undefined : vm);
  return {
    title: scenario.title,
    block: scenario.block?.span ?? null,
    setup,
    statements,
    errors,
    doubtfulFrom: firstDoubt(errors, bad),
  };
}

/**
 * Compiles every scenario of a document, in the order of the text.
 * @param diagnostics All of the document's, those of `parse` and of `validate`. What has an error is
 * left out; of `kernel` and `vm`, the default takes its place, so that VMs keep their numbers. Where only what is
 * claimed has an error, the call stays, without claims.
 */
export function compile(
  document: Document,
  diagnostics: readonly Diagnostic[],
): readonly [Program, ...Program[]] {
  const errors = diagnostics.filter(({ severity }) => severity === 'error');
  const bad = withErrors(document.statements, errors);
  const lines = indexLines(document.text);
  const of = (scenario: Scenario) =>
    compileScenario(scenario, errorsOf(scenario, document, errors), bad, lines);
  const [first, ...others] = scenariosOf(document);
  return [of(first), ...others.map(of)];
}
