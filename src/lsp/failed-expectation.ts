import {
  type ExpectationItem,
  type Expectations,
  printExpectations,
  type Span,
  type Statement,
} from '../language';
import { differenceOf, type FailedExpectation, isListKind, withoutItems } from '../outcome';

/** Messages and locations of failed expectations. A message names only what differs. */

/** Maximum length of a list in a message; longer lists are cut between two items. */
const MOST = 160;

/** A text cut after a comma, with the number of omitted items. */
export function shortened(text: string, most = MOST): string {
  if (text.length <= most) return text;
  const cut = text.lastIndexOf(', ', most);
  if (cut < 0) return `${text.slice(0, most)}…`;
  const left = text.slice(cut + 2).split(', ').length;
  return `${text.slice(0, cut)}, … ${left} more`;
}

function listed(expectations: Expectations, kind: FailedExpectation['kind']): string | null {
  const list = expectations[kind];
  return Array.isArray(list) && list.length === 0
    ? null
    : `\`${shortened(printExpectations(expectations))}\``;
}

/** The message for an implied expectation. */
function impliedText({ kind, actual }: FailedExpectation): string {
  return kind === 'result'
    ? `the call ended with \`${actual}\`: unless an errno is expected, it must succeed`
    : `the vCPU exited to userspace with \`${actual}\`: unless \`exit\` is expected, it must stay in the guest`;
}

export function failedExpectationMessage(failed: FailedExpectation): string {
  const { kind, missing, extra, expected, actual, implied } = failed;
  if (implied) return impliedText(failed);
  if (!isListKind(kind)) {
    return actual === ''
      ? `expected \`${expected}\`, but nothing of that kind happened`
      : `expected \`${expected}\`, but got \`${actual}\``;
  }
  const [less, more] = [listed(missing, kind), listed(extra, kind)];
  if (less === null) return `unexpected ${more}`;
  if (more === null) return `expected ${less}, which did not happen`;
  return `expected ${less}, which did not happen; unexpected ${more}`;
}

/** Finds out which items are expected and did not happen. */
function missedAmong(
  kind: FailedExpectation['kind'],
  missing: Expectations,
): (item: ExpectationItem) => boolean {
  const printed = (list: Expectations[typeof kind]) => printExpectations({ [kind]: list });
  if (!isListKind(kind)) return (item) => differenceOf(kind, item.expectations[kind], missing[kind]) === null;
  const all = missing[kind] ?? [];
  const without = withoutItems(kind, all) as (some: typeof all) => typeof all;
  return ({ expectations }) => {
    const own = expectations[kind] ?? [];
    return own.length === 0 ? all.length === 0 : printed(without(own)) !== printed(own);
  };
}

/** The span of the failed items; the whole expectation if no item is to blame. */
export function failedExpectationSpan(
  { expectation, span }: Statement,
  { kind, missing }: FailedExpectation,
): Span {
  const items = (expectation?.items ?? []).filter(
    (item) => item.kind === kind && item.quantifier === 'always',
  );
  const isMissed = missedAmong(kind, missing);
  const first = items.find(isMissed) ?? items[0];
  const last = items.findLast(isMissed) ?? items.at(-1);
  if (first === undefined || last === undefined) return expectation?.span ?? span;
  return { start: first.span.start, end: last.span.end };
}
