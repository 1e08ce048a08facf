import { elementAt, must } from '../../simulator';
import { quote } from '../diagnostics/diagnostics';
import { reportError, reportWarning } from '../diagnostics/report';
import { MOST_CANDIDATES } from '../diagnostics/suggest';
import { kernelChoiceOf } from '../kernels/catalogue';
import { type KernelSteps, stepsOf } from '../kernels/steps';
import type { Pieces } from '../pieces';
import { ownKernel, sharedAbove, sharedStatements } from '../tree/blocks';
import { isDefinedBefore, occurrencesByStatement } from '../tree/symbols';
import type { Block, NameNode, Statement } from '../tree/tree';
import { type Context, listNames, suggestion } from './context';

/** Checks concurrent calls: the steps before which they suspend, and the names by which they are resumed. */

export function* checkRaces(context: Context): Pieces<void> {
  yield* checkSteps(context);
  yield* checkNames(context);
}

/** The labels of one kernel that `until` may name, and the number of shared statements that were checked against them. */
interface KernelLabels {
  readonly kernel: string;
  readonly steps: KernelSteps;
  compared: number;
}

function* checkSteps(context: Context): Pieces<void> {
  const { document } = context;
  const reported = new Set<Statement>();
  const check = (statement: Statement, { steps, kernel }: KernelLabels) => {
    if (!reported.has(statement) && checkStep(context, statement, steps, kernel)) reported.add(statement);
  };
  const labels = new Map<string, KernelLabels | null>();
  const labelsOf = (statement: Statement | undefined) => {
    const choice = kernelChoiceOf(statement);
    const key = JSON.stringify(choice);
    const known = labels.get(key);
    if (known !== undefined) return known;
    const steps = stepsOf(choice);
    const made = steps && { kernel: choice.kernel, steps, compared: 0 };
    labels.set(key, made);
    return made;
  };
  const suspends = ({ names }: Statement) => names.step !== undefined;
  const shared = sharedStatements(document);
  const sharedKernel = shared.findIndex(({ keyword }) => keyword === 'kernel');
  const sharedUntil = shared.flatMap((statement, at) => (suspends(statement) ? [{ statement, at }] : []));
  const checkScenario = (above: number, block: Block | null) => {
    const own = block?.statements ?? [];
    const isKernel = ({ keyword }: Statement) => keyword === 'kernel';
    const hasShared = sharedKernel >= 0 && sharedKernel < above;
    const kernel =
      (block === null ? undefined : ownKernel(block)) ??
      (hasShared ? shared[sharedKernel] : own.find(isKernel));
    const ownUntil = own.filter(suspends);
    if (ownUntil.length === 0 && (sharedUntil[0]?.at ?? above) >= above) return;
    const known = labelsOf(kernel);
    if (known === null) return;
    while (known.compared < sharedUntil.length && elementAt(sharedUntil, known.compared).at < above) {
      check(elementAt(sharedUntil, known.compared++).statement, known);
    }
    for (const statement of ownUntil) check(statement, known);
  };
  const above = sharedAbove(document, shared);
  if (document.blocks.length === 0) checkScenario(shared.length, null);
  for (const [at, block] of document.blocks.entries()) {
    checkScenario(elementAt(above, at), block);
    yield;
  }
}

/** Returns whether there is something wrong with the `until` of a statement. */
function checkStep(context: Context, statement: Statement, steps: KernelSteps, kernel: string): boolean {
  const { call } = statement.names;
  const step = must(statement.names.step, 'step of the statement');
  if (!steps.has(step.text)) {
    reportStep(context, statement, step, [...steps.keys()], kernel);
    return true;
  }
  if (call !== undefined) return false;
  const message = 'no statement can resume this call: name it, for instance `as early` for `continue early`';
  reportWarning(context.report, statement, 'G142', step.span, message);
  return true;
}

function reportStep(
  { report }: Context,
  statement: Statement,
  { span, text }: NameNode,
  labels: readonly string[],
  kernel: string,
) {
  const none = ": the debugger's listings show the labels";
  const { hint, data } = suggestion(text, labels, none);
  reportError(
    report,
    statement,
    'G140',
    span,
    `no step of \`${kernel}\` has the label ${quote(text)}${hint}`,
    { data },
  );
}

function* checkNames({ symbols, report }: Context): Pieces<void> {
  // Names of calls in the order of the text, whichever scenario they are of.
  const defined = symbols.symbols
    .flatMap(({ kind, name, definition }, order) =>
      kind === 'call' && definition !== null ? [{ name, order, start: definition.span.start }] : [],
    )
    .sort((a, b) => a.start - b.start);
  let above = 0;
  for (const occurrences of occurrencesByStatement(symbols, 'call').values()) {
    yield;
    for (const occurrence of occurrences) {
      if (occurrence.creates || isDefinedBefore(occurrence)) continue;
      const { span, symbol } = occurrence;
      while (above < defined.length && elementAt(defined, above).start < span.start) above++;
      // The same name may belong to a later call, or to a call of another scenario.
      const names = defined
        .slice(Math.max(0, above - MOST_CANDIDATES), above)
        .sort((a, b) => a.order - b.order)
        .flatMap(({ name }) => (name === symbol.name ? [] : [name]));
      const none =
        names.length === 0 ? ': name the call with `as`' : ` (named calls: ${listNames(names, 'and')})`;
      const { hint, data } = suggestion(symbol.name, names, none);
      reportError(
        report,
        occurrence.statement,
        'G141',
        span,
        `no call above has the name ${quote(symbol.name)}${hint}`,
        { data },
      );
    }
  }
}
