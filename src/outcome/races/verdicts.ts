/** Whether a race does what its scenario expects of all orders, of some or of none. */
import type { Found, Place, Returned, SearchResult } from '../../explorer';
import {
  type CompiledStatement,
  type ExpectationKind,
  type Expectations,
  finish,
  gfnText,
  type ObservedOutcome,
  printExpectations,
  type Quantifier,
  type Span,
  VIOLATIONS,
} from '../../language';
import { firstMoment } from '../../simulator';
import { failureOf, withImplied } from '../expectations/check';
import { observedOutcome } from '../expectations/observed';
import { stepStatements } from '../run';
import type { ExploredRace } from './explore';

export type { Place } from '../../explorer';

/** What became of an expectation of a race, one of its calls, or a statement behind it. */
export interface Verdict {
  readonly quantifier: Quantifier;
  /** As written behind `=>`. */
  readonly what: string;
  /** The item of the expectation; the keyword of the race if it is implied. */
  readonly span: Span;
  /** Not written: no order may break an invariant of the kernel. */
  readonly implied: boolean;
  /** Null if the search was not finished, and what it found does not decide. */
  readonly holds: boolean | null;
  /** What happens in an order that decides: a counterexample, or of `sometimes` an example. Null if there is none. */
  readonly detail: string | null;
  /** Why there is nothing to decide on: the call or the statement has no outcome in any order. Null if it has one. */
  readonly vacuous: string | null;
  /** Where that order leads. */
  readonly place: Place | null;
}

/** An order that has the property, or null. */
type Example = { readonly detail: string; readonly place: Place } | null;

type About = Pick<Verdict, 'quantifier' | 'what' | 'span' | 'implied'>;

/**
 * @param with_ An order in which it holds.
 * @param without An order in which it does not hold.
 * @param vacuous Why no order decides, whatever is expected. Null if some order may.
 */
function decide(
  about: About,
  complete: boolean,
  with_: Example,
  without: Example,
  vacuous: string | null,
): Verdict {
  const open = complete ? true : null;
  const by = (example: Example, holds: boolean | null) => ({
    ...about,
    holds,
    detail: example?.detail ?? null,
    vacuous: complete ? vacuous : null,
    place: example?.place ?? null,
  });
  switch (about.quantifier) {
    case 'always':
      // What is not written is that nothing else happens: nothing does.
      if (complete && vacuous !== null) return by(null, about.implied);
      return without === null ? by(null, open) : by(without, false);
    case 'never':
      return with_ === null ? by(null, open) : by(with_, false);
    case 'sometimes':
      return with_ === null ? by(null, complete ? false : null) : by(with_, true);
  }
}

function detailOf(found: Found): string {
  switch (found.what) {
    case 'STALE':
      return `STALE ${gfnText(found.gfns)}`;
    case 'error':
      return `the simulated state is inconsistent: ${found.detail}`;
    default:
      return `${found.what}: ${found.detail}`;
  }
}

function exampleOf(found: Found | undefined): Example {
  return found === undefined
    ? null
    : {
        detail: detailOf(found),
        place: { node: found.node, task: found.task },
      };
}

/** The verdicts on the race itself: those that are written, and that nothing else may go wrong. */
function ofRace({ program: { race }, result }: ExploredRace): readonly Verdict[] {
  const by = (what: string) => exampleOf(result.found.find((found) => found.what === what));
  const written = race.expected.map(({ quantifier, what, span }) =>
    decide({ quantifier, what, span, implied: false }, result.complete, by(what), null, null),
  );
  const named = new Set<string>(race.expected.map(({ what }) => what));
  const others = [...VIOLATIONS.map(({ word }) => word), 'error' as const].filter((what) => !named.has(what));
  const implied = others.map((what) => {
    const about = { quantifier: 'never', what, span: race.keywordSpan, implied: true } as const;
    return decide(about, result.complete, by(what), null, null);
  });
  return [...written, ...implied];
}

/** One expectation of a statement, with its quantifier. */
interface Item extends About {
  readonly kind: ExpectationKind;
  readonly expectations: Expectations;
}

/** The expectations of a statement, one by one. */
function itemsOf({ statement, expected, quantified }: CompiledStatement): readonly Item[] {
  const spanOf = (kind: string, quantifier: Quantifier) =>
    statement.expectation?.items.find((item) => item.kind === kind && item.quantifier === quantifier)?.span ??
    statement.keywordSpan;
  const item = (quantifier: Quantifier, expectations: Expectations, kind: ExpectationKind): Item => {
    const one = { [kind]: expectations[kind] };
    const implied = quantifier === 'always' && expected?.[kind] === undefined;
    return {
      ...{ quantifier, what: printExpectations(one), span: spanOf(kind, quantifier), implied },
      ...{ kind, expectations: one },
    };
  };
  const kindsOf = (expectations: Expectations) => Object.keys(expectations) as ExpectationKind[];
  const always = kindsOf(expected ?? {}).length === 0 ? {} : withImplied(expected ?? {});
  return [
    ...kindsOf(always).map((kind) => item('always', always, kind)),
    ...quantified.flatMap(({ quantifier, expectations }) =>
      kindsOf(expectations).map((kind) => item(quantifier, expectations, kind)),
    ),
  ];
}

/** An outcome of a statement in some order. */
interface Seen {
  readonly actual: ObservedOutcome;
  readonly place: Place;
}

/** @param missing Says that there is no outcome, if there is none. */
function verdictOn(
  { kind, expectations, ...about }: Item,
  complete: boolean,
  all: readonly Seen[],
  missing: string,
): Verdict {
  const isMet = ({ actual }: Seen) => failureOf(kind, expectations[kind], actual[kind]) === null;
  const example = (seen: Seen | undefined): Example =>
    seen === undefined
      ? null
      : {
          detail: printExpectations({ [kind]: seen.actual[kind] }) || 'nothing of the kind',
          place: seen.place,
        };
  const not = all.find((seen) => !isMet(seen));
  const vacuous = all.length === 0 ? missing : null;
  return decide(about, complete, example(all.find(isMet)), example(not), vacuous);
}

/** What the caller of a call sees of it. */
export function outcomeOfCall(
  { result, vmId }: ExploredRace,
  { outcome }: Pick<Returned, 'outcome'>,
): ObservedOutcome {
  const { start } = result.steps.race;
  return observedOutcome(outcome, { before: start, after: start, vmId });
}

/** The verdicts on the calls of the race. */
function ofCalls(explored: ExploredRace): readonly Verdict[] {
  const { program, result } = explored;
  return program.race.tasks.flatMap((task, taskIndex) =>
    program.statements.slice(task.start, task.end).flatMap((statement, call) => {
      const items = itemsOf(statement);
      if (items.length === 0) return [];
      const all = result.returned
        .filter((one) => one.task === taskIndex && one.call === call)
        .map((one): Seen => ({ actual: outcomeOfCall(explored, one), place: one }));
      return items.map((item) => verdictOn(item, result.complete, all, 'the call returns in no order'));
    }),
  );
}

/** The statements behind the race, run after an order. */
export interface Behind {
  readonly place: Place;
  readonly actual: readonly ObservedOutcome[];
}

function stateKey({ steps }: SearchResult, row: Int32Array): string {
  return row.subarray(0, steps.parts.layout.columns.length).join(' ');
}

/** Runs the statements behind the race in each final state. Yields null after each step. */
export function* behindInSteps({
  program,
  result,
  vmId,
}: ExploredRace): Generator<null, ReadonlyMap<number, Behind>> {
  const behind = program.statements.slice(program.race.end);
  const byState = new Map<string, readonly ObservedOutcome[]>();
  const found = new Map<number, Behind>();
  for (const node of result.finals) {
    const row = result.row(node);
    const key = stateKey(result, row);
    let actual = byState.get(key);
    if (actual === undefined) {
      const ran: ObservedOutcome[] = [];
      // A step that is left out of the race is there again behind it.
      const state = { ...result.steps.state(row), setup: program.setup };
      // A lock that is left behind is a violation; the statements behind would wait for it forever.
      const statements = state.locks.length > 0 ? [] : behind;
      const from = firstMoment<CompiledStatement>(state, vmId);
      for (const executed of stepStatements(statements, from)) {
        if (executed === null) yield null;
        else ran.push(observedOutcome(executed.events, executed));
      }
      actual = ran;
      byState.set(key, actual);
    }
    found.set(node, { place: { node, task: null }, actual });
  }
  return found;
}

/** Runs the statements behind the race in each final state. */
export function behindRace(explored: ExploredRace): ReadonlyMap<number, Behind> {
  return finish(behindInSteps(explored));
}

function ofBehind(
  { program, result }: ExploredRace,
  behind: ReadonlyMap<number, Behind>,
): readonly Verdict[] {
  const missing = result.finals.length === 0 ? 'no order comes to an end' : 'the statement runs in no order';
  return program.statements.slice(program.race.end).flatMap((statement, at) => {
    const all = [...behind.values()].flatMap(({ place, actual }): Seen[] => {
      const own = actual[at];
      return own === undefined ? [] : [{ actual: own, place }];
    });
    return itemsOf(statement).map((item) => verdictOn(item, result.complete, all, missing));
  });
}

/** All verdicts, in the order of the text; those that are implied only if they do not hold. */
export function verdictsOf(
  explored: ExploredRace,
  behind: ReadonlyMap<number, Behind> = behindRace(explored),
): readonly Verdict[] {
  return [...ofRace(explored), ...ofCalls(explored), ...ofBehind(explored, behind)]
    .filter(({ implied, holds }) => !implied || holds === false)
    .toSorted((a, b) => a.span.start - b.span.start);
}

/** A verdict as a sentence. */
export function verdictSentence(verdict: Verdict): string {
  const { quantifier, what, implied, holds, detail, vacuous } = verdict;
  if (holds === null) return `Not decided: \`${quantifier} ${what}\`. The search was not finished.`;
  if (holds) return `\`${quantifier} ${what}\` holds${vacuous === null ? '' : `: ${vacuous}`}.`;
  if (vacuous !== null) return `Expected \`${quantifier} ${what}\`, but ${vacuous}.`;
  if (implied && quantifier === 'never') return `In some order: ${detail ?? what}.`;
  if (quantifier === 'sometimes') return `Expected \`sometimes ${what}\`, but it happens in no order.`;
  return `Expected \`${quantifier} ${what}\`, but in some order: ${detail ?? what}.`;
}

/** What happens where a verdict does not hold. */
export function contraryText({ holds, detail, vacuous }: Verdict): string {
  if (holds === null) return 'not decided: not every order was tried';
  return vacuous ?? detail ?? 'in no order';
}
