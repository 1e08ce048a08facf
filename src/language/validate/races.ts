import { quote } from '../diagnostics/diagnostics';
import { reportError, reportWarning } from '../diagnostics/report';
import { kernelChoiceOf } from '../kernels/catalogue';
import { stepsOf } from '../kernels/steps';
import { scenariosOf } from '../tree/blocks';
import { isDefinedBefore, occurrencesByStatement } from '../tree/symbols';
import type { NameNode, Statement } from '../tree/tree';
import { type Context, listNames, suggestion } from './context';

/** Checks concurrent calls: the steps before which they suspend, and the names by which they are resumed. */

export function checkRaces(context: Context): void {
  checkSteps(context);
  checkNames(context);
}

function checkSteps(context: Context): void {
  const reported = new Set<Statement>();
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
      if (!steps.has(step.text) && !reported.has(statement)) {
        reported.add(statement);
        reportStep(context, statement, step, [...steps.keys()], kernel.kernel);
      }
      if (call === undefined && !reported.has(statement)) {
        reported.add(statement);
        const message =
          'no statement can resume this call: name it, for instance `as early` for `continue early`';
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

function checkNames({ symbols, report }: Context): void {
  for (const occurrences of occurrencesByStatement(symbols, 'call').values()) {
    for (const occurrence of occurrences) {
      if (occurrence.creates || isDefinedBefore(occurrence)) continue;
      const { span, symbol } = occurrence;
      // The same name may belong to a later call, or to a call of another scenario.
      const names = symbols.symbols.flatMap(({ kind, name, definition }) =>
        kind === 'call' && name !== symbol.name && definition !== null && definition.span.start < span.start
          ? [name]
          : [],
      );
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
