import { CompletionItemKind } from 'vscode-languageserver';
import { callOf, programAt, type Statement, stepsOf } from '../../language';
import { advance, begin, type HostedVm, isOver, nextStep, type Run, resume, taskOf } from '../../simulator';
import { statesAround } from '../background-run/background-run';
import { statementAt } from '../positions';
import type { Context } from './context';
import type { Proposal } from './part-proposals';

/** Completion after `until`: the steps that the call reaches here, in order; other steps on request. */

/** Maximum number of steps: a call has few distinct steps, and may loop over them. */
const MOST_STEPS = 2000;

/** The call as if it were never suspended; null if it does not exist or has errors. */
function runOf({ analysis }: Context, statement: Statement, { state: before, vm }: HostedVm): Run | null {
  const { start } = statement.span;
  const end = statement.labels.step?.start ?? start;
  const isBad = analysis.diagnostics.some(
    ({ severity, span }) => severity === 'error' && span.start >= start && span.start < end,
  );
  if (isBad) return null;
  const title = statement.names.call?.text ?? '';
  if (statement.keyword === 'continue') {
    const standing = before.tasks.findLast((task) => task.title === title && task.suspended !== null);
    return standing === undefined ? null : resume(before, standing.id);
  }
  const call = callOf(statement);
  return call === null
    ? null
    : begin(before, vm.id, { call, title, named: true, until: null, continues: false });
}

/** Labels of the steps before which the call can be suspended, in the order it reaches them. */
function labelsIn(from: Run): ReadonlySet<string> {
  const labels = new Set<string>();
  let run = from;
  while (!isOver(run) && run.steps < MOST_STEPS) {
    // A resumed call is already suspended before its first step.
    if (!run.resumed || run.steps > 0) labels.add(nextStep(run.state, taskOf(run.state, run.task)).label);
    run = advance(run).run;
  }
  return labels;
}

function visited(context: Context): ReadonlySet<string> {
  const { scenario, statement } = context;
  if (statement === null) return new Set();
  const written = statementAt(scenario.analysis(), statement.span.start);
  if (written === null) return new Set();
  const { before } = statesAround(scenario.backgroundRun(), written);
  const run = before === null ? null : runOf(context, statement, before);
  return run === null ? new Set() : labelsIn(run);
}

/** The steps of the kernel's procedures, with their descriptions. */
export function stepProposals(context: Context): Proposal[] {
  const { analysis, offset, typed } = context;
  const { programs, document } = analysis;
  const at = document.statements.findLast(({ span }) => span.start < offset)?.span ?? { start: 0, end: 0 };
  const { setup } = programAt(programs, at) ?? programs[0];
  const steps = stepsOf(setup) ?? new Map();
  const first = visited(context);
  const others = first.size > 0 && typed === '' ? [] : [...steps.keys()];
  return [...new Set([...first, ...others])].flatMap((name) => {
    const step = steps.get(name);
    if (step === undefined) return [];
    const { label, procedure, text } = step;
    const more = { detail: procedure, description: text, markdown: text };
    return [{ label, kind: CompletionItemKind.EnumMember, ...more }];
  });
}
