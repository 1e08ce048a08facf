/** Leaves out of a scenario what its race does not need to go wrong. */
import type { Found } from '../../explorer';
import { analyze, applyEdits, type Program, print, type Span } from '../../language';
import { exploreRace, hasRace } from './explore';

/** States of a search for a part of a scenario: it stops where the whole did not need more, or soon after. */
function mostStates(states: number): number {
  return 4 * states + 1000;
}

/** The first thing that goes wrong in the race of a program, and how many states it took; null if nothing does. */
function* wrongIn(
  program: Program,
  maxStates: number,
): Generator<null, { readonly what: Found['what']; readonly states: number } | null> {
  if (program.errors.length > 0 || !hasRace(program)) return null;
  const search = exploreRace(program, { maxStates });
  for (let next = search.next(); ; next = search.next()) {
    if (next.done !== true) {
      yield null;
      continue;
    }
    const { found, states } = next.value.result;
    const [first] = found.filter(({ what }) => what !== 'error');
    return first === undefined ? null : { what: first.what, states };
  }
}

/** The scenario of a text whose race is the same as before: the one with that title. */
function programIn(text: string, title: string | null): Program | undefined {
  return analyze(text).programs.find((program) => program.title === title);
}

/** What can be left out, the largest parts first: whole tasks, calls of tasks, statements above and behind the race. */
function partsOf(text: string, title: string | null): readonly Span[] {
  const { document, programs } = analyze(text);
  const program = programs.find((one) => one.title === title);
  if (program?.race === null || program === undefined) return [];
  const { race, statements } = program;
  const block = document.races.find(({ span }) => span.start === race.span.start);
  const tasks = race.tasks.length > 2 ? (block?.tasks ?? []).map(({ span }) => span) : [];
  const calls = race.tasks.flatMap(({ start, end }) =>
    end - start < 2 ? [] : statements.slice(start, end).map(({ statement }) => statement.span),
  );
  const others = [...statements.slice(0, race.start), ...statements.slice(race.end)];
  return [...tasks, ...calls, ...others.map(({ statement }) => statement.span).reverse()];
}

/** The text without a part and the line that it leaves empty. */
function without(text: string, { start, end }: Span): string {
  const lineStart = Math.max(text.lastIndexOf('\n', start - 1) + 1, 0);
  const isWhole = text.slice(lineStart, start).trim() === '';
  const rest = /^[ \t]*(#[^\n]*)?\r?\n/.exec(text.slice(end))?.[0].length ?? 0;
  const span = isWhole && rest > 0 ? { start: lineStart, end: end + rest } : { start, end };
  return applyEdits(text, [{ span, newText: '' }]);
}

/**
 * The text with a race that goes wrong in the same way and from which no task, call or statement can be left out; null if
 * nothing goes wrong in the race. Yields null now and then.
 * @param title The title of the scenario; null for a text without blocks.
 */
export function* minimised(text: string, title: string | null): Generator<null, string | null> {
  const program = programIn(text, title);
  if (program === undefined) return null;
  const whole = yield* wrongIn(program, 5_000_000);
  if (whole === null) return null;
  let smallest = text;
  for (let changed = true; changed; ) {
    changed = false;
    for (const part of partsOf(smallest, title)) {
      const shorter = without(smallest, part);
      const candidate = programIn(shorter, title);
      if (candidate === undefined) continue;
      const found = yield* wrongIn(candidate, mostStates(whole.states));
      if (found?.what !== whole.what) continue;
      smallest = shorter;
      changed = true;
      break;
    }
  }
  return print(analyze(smallest).document);
}
