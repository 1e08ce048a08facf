import { quote } from '../diagnostics/diagnostics';
import { reportError, reportWarning } from '../diagnostics/report';
import { kernelChoiceOf } from '../kernels/catalogue';
import { stepsOf } from '../kernels/steps';
import { scenariosOf } from '../tree/blocks';
import { isDefinedBefore, occurrencesByStatement } from '../tree/symbols';
import type { NameNode, Statement } from '../tree/tree';
import { type Context, listNames, suggestion } from './context';

/** Calls that run against each other: the steps before which they are suspended, and the names by which they go on. */

export function checkRaces(context: Context): void {
  checkSteps(context);
  checkNames(context);
}

function checkSteps(context: Context): void {
  const told = new Set<Statement>();
  for (const scenario of scenariosOf(context.document)) {
    const until = scenario.statements.flatMap((statement) => {
      const { step, call } = statement.names;
      return step === undefined ? [] : [{ statement, step, call }];
    });
    if (until.length === 0) continue;
    const kernel = kernelChoiceOf(scenario.statements.find(({ keyword }) => keyword === 'kernel'));
    const steps = stepsOf(kernel);
    if (steps === null) continue;
    for (const { statement, step, call } of until) {
      if (!steps.has(step.text) && !told.has(statement)) {
        told.add(statement);
        reportStep(context, statement, step, [...steps.keys()], kernel.kernel);
      }
      if (call === undefined && !told.has(statement)) {
        told.add(statement);
        const message = 'nothing can resume this call: name it, as in `as early`, for `continue early`';
        reportWarning(context.report, statement, 'G142', step.span, message);
      }
    }
  }
}

function reportStep(
  { report }: Context,
  statement: Statement,
  { span, text }: NameNode,
  labels: readonly string[],
  kernel: string,
) {
  const none = ': the listings of the procedures have the labels';
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

function checkNames({ symbols, report }: Context): void {
  for (const occurrences of occurrencesByStatement(symbols, 'call').values()) {
    for (const occurrence of occurrences) {
      if (occurrence.creates || isDefinedBefore(occurrence)) continue;
      const { span, symbol } = occurrence;
      // The name itself may be that of a call further down, or of another scenario.
      const names = symbols.symbols.flatMap(({ kind, name, definition }) =>
        kind === 'call' && name !== symbol.name && definition !== null && definition.span.start < span.start
          ? [name]
          : [],
      );
      const none =
        names.length === 0 ? ': a call gets one with `as`' : `: there is ${listNames(names, 'and')}`;
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
