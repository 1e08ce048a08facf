import type { Call, Order, Setup } from '../../simulator';
import type { Diagnostic } from '../diagnostics/diagnostics';
import type { Reported } from '../diagnostics/report';
import type { Expectations } from '../expectations/expectations';
import { kernelChoiceOf } from '../kernels/catalogue';
import { type Scenario, scenariosOf } from '../tree/blocks';
import { indexLines, type LineIndex, positionAt } from '../tree/positions';
import type { DiagnosticsByOwner, Document, Owner, Span, Statement } from '../tree/tree';
import { callOf, DEFAULT_VM, vmOf } from './calls';

/** Compiles the syntax tree to programs for the simulator. */

/** How a call runs among others: an order without its call. */
export type Course = Omit<Order, 'call'>;

export interface CompiledStatement {
  readonly statement: Statement;
  /** Line of the keyword, from 1. */
  readonly line: number;
  /** For `continue`, the call that it resumes. */
  readonly call: Call;
  /** How the call runs among others. */
  readonly course: Course;
  /** The expectations; null if the scenario has none. */
  readonly expected: Expectations | null;
}

/** One scenario, ready to run. */
export interface Program {
  /** Null for a document without blocks. */
  readonly title: string | null;
  /** Its block in the text; null for a document without blocks. */
  readonly block: Span | null;
  readonly setup: Setup;
  /** Its calls, without the first `vm` and without statements that have errors. */
  readonly statements: readonly CompiledStatement[];
  /** The errors that make the program incomplete; empty if it is complete. */
  readonly errors: readonly Diagnostic[];
  /**
   * The offset from which on the state may differ from the intended one, because an error left a statement out; null if
   * no statement was left out.
   */
  readonly doubtfulFrom: number | null;
}

/** Statements and expectations that have errors. */
type Bad = ReadonlySet<Owner>;

function withErrors({ statements }: Document, byOwner: DiagnosticsByOwner): Bad {
  const hasErrors = (owner: Owner) =>
    !owner.wellFormed || (byOwner.get(owner) ?? []).some(({ severity }) => severity === 'error');
  const owners = statements.flatMap((statement): Owner[] =>
    statement.outcome === null ? [statement] : [statement, statement.outcome],
  );
  return new Set(owners.filter(hasErrors));
}

function setupOf(kernel: Statement | undefined, vm: Statement | undefined): Setup {
  return { ...kernelChoiceOf(kernel), ...(vm === undefined ? DEFAULT_VM : vmOf(vm)) };
}

/** The calls of a scenario by their names. */
type NamedCalls = Map<string, Call>;

/** Compiles a statement in the context of its scenario; null if it makes no call. */
function compiledCall(
  statement: Statement,
  firstVm: Statement | undefined,
  bad: Bad,
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

/** The errors that make a scenario incomplete: all errors except those in other blocks. */
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

/** What the scenarios of a document share. */
interface Known {
  readonly bad: Bad;
  /** Diagnostics of expectations. */
  readonly expectedItems: ReadonlySet<Diagnostic>;
  readonly lines: LineIndex;
}

/** The offset of the first error outside expectations. */
function firstDoubt(errors: readonly Diagnostic[], expectedItems: ReadonlySet<Diagnostic>): number | null {
  const offsets = errors.filter((error) => !expectedItems.has(error)).map(({ span }) => span.start);
  return offsets.length === 0 ? null : offsets.reduce((first, offset) => Math.min(first, offset));
}

function compileScenario(
  scenario: Scenario,
  errors: readonly Diagnostic[],
  { bad, expectedItems, lines }: Known,
): Program {
  const vm = scenario.statements.find(({ keyword }) => keyword === 'vm');
  const kernel = scenario.statements.find(
    (statement) => statement.keyword === 'kernel' && !bad.has(statement),
  );
  const named: NamedCalls = new Map();
  const statements = scenario.statements.flatMap((statement): CompiledStatement[] => {
    const call = compiledCall(statement, vm, bad, named);
    if (call === null) return [];
    const line = positionAt(lines, statement.keywordSpan.start).line + 1;
    const course = courseOf(statement, line);
    if (course.named) named.set(course.title, call);
    const { outcome } = statement;
    const expected = outcome === null || bad.has(outcome) ? null : outcome.expectations;
    return [{ statement, line, call, course, expected }];
  });
  const setup = setupOf(kernel, vm !== undefined && bad.has(vm) ? undefined : vm);
  return {
    title: scenario.title,
    block: scenario.block?.span ?? null,
    setup,
    statements,
    errors,
    doubtfulFrom: firstDoubt(errors, expectedItems),
  };
}

/**
 * Compiles every scenario of a document, in the order of the text.
 * @param reported All diagnostics of the document, from `parse` and `validate`. Statements with errors are left out;
 * `kernel` and `vm` are replaced by the defaults, so that VMs keep their numbers. If only the expectations have an
 * error, the call is kept without expectations.
 */
export function compile(
  document: Document,
  { diagnostics, byOwner }: Reported,
): readonly [Program, ...Program[]] {
  const errors = diagnostics.filter(({ severity }) => severity === 'error');
  const outcomes = document.statements.flatMap(({ outcome }) => outcome ?? []);
  const known: Known = {
    bad: withErrors(document, byOwner),
    expectedItems: new Set(outcomes.flatMap((outcome) => byOwner.get(outcome) ?? [])),
    lines: indexLines(document.text),
  };
  const of = (scenario: Scenario) => compileScenario(scenario, errorsOf(scenario, document, errors), known);
  const [first, ...others] = scenariosOf(document);
  return [of(first), ...others.map(of)];
}
