/**
 * What-if: typed statements run from the current moment on a branch of the run, which then continues with the rest of
 * the scenario. The parent run is unchanged; leaving the branch restores its exact state.
 */
import { analyze, type CompiledStatement, type Diagnostic, type Keyword, type Statement } from '../language';
import { elementAt, firstMoment, hasReturned, isUnderWay, reachedBy, stateOf } from '../simulator';
import { type InterruptedStatement, type Moment, vmIdAt } from './moment';
import { taskAt } from './race/tasks';
import { type DebuggedScenario, labelAt } from './scenario';
import { type Label, statementName } from './source-location';
import { Timeline } from './timeline';

/** Typed statements, or their errors. */
export interface Typed {
  readonly statements: ReadonlyMap<CompiledStatement, string>;
  readonly errors: readonly Diagnostic[];
  /** Keywords in text order. */
  readonly keywords: readonly Keyword[];
}

/** Texts of statements, and how many of them belong to the scenario itself. */
interface Told {
  readonly texts: readonly string[];
  readonly own: number;
}

/** The statements executed up to a moment, in execution order. They define which names exist. */
function toldUpTo({ text, statements, program, labels, branch }: DebuggedScenario, moment: Moment): Told {
  // The braces of a race are left out, and so are its headers.
  const textOf = ({ callSpan, spec }: Statement) =>
    spec.block === true ? '' : text.slice(callSpan.start, callSpan.end);
  // `kernel`, `vm` and constants may precede the first call.
  const first = program.statements[0] === undefined ? 0 : statements.indexOf(program.statements[0].statement);
  const before =
    branch === null
      ? { texts: statements.slice(0, first).map(textOf), own: first }
      : toldUpTo(branch.parent, branch.from);
  const texts = [...before.texts];
  let { own } = before;
  const begun = reachedBy(moment) + (moment.run === null ? 0 : 1);
  for (const compiled of program.statements.slice(0, begun)) {
    const typed = labels.get(compiled)?.typed ?? null;
    if (typed === null) {
      const behind = statements.indexOf(compiled.statement, own) + 1;
      texts.push(...statements.slice(own, behind).map(textOf));
      own = Math.max(own, behind);
    } else {
      texts.push(typed);
    }
  }
  return { texts, own };
}

/** Compiles statements with the names known at the current moment. */
export function compileTyped(scenario: DebuggedScenario, typed: string): Typed {
  const { texts } = toldUpTo(scenario, scenario.timeline.current);
  const before = texts.map((one) => `${one}\n`).join('');
  const text = before + typed;
  const {
    programs: [program],
    document,
  } = analyze(text);
  const added = program.statements.filter(({ statement }) => statement.span.start >= before.length);
  const statements = new Map(
    added.map((compiled): [CompiledStatement, string] => {
      const own = text.slice(compiled.statement.span.start, compiled.statement.span.end);
      const { course } = compiled;
      // Its line number refers to a text that is never shown.
      const title = course.named || course.continues ? course.title : `\`${statementName(own)}\``;
      return [{ ...compiled, course: { ...course, title } }, own];
    }),
  );
  const keywords = document.statements
    .filter(({ span }) => span.start >= before.length)
    .map(({ keyword }) => keyword);
  return { statements, errors: program.errors.filter(({ span }) => span.end > before.length), keywords };
}

/** The call that is suspended while the typed statements run, if any. */
function interruptedAt(scenario: DebuggedScenario, rest: number, typed: number): InterruptedStatement | null {
  const from = scenario.timeline.current;
  if (isUnderWay(from)) {
    return {
      moment: from,
      statement: elementAt(scenario.program.statements, from.statement),
      resumesAt: typed,
    };
  }
  const { interrupted } = from;
  return interrupted && { ...interrupted, resumesAt: interrupted.resumesAt - rest + typed };
}

/** A branch that runs the typed statements next. */
export function branchOff(parent: DebuggedScenario, statements: Typed['statements']): DebuggedScenario {
  const { program, labels, timeline } = parent;
  const from = timeline.current;
  const rest = reachedBy(from) + (hasReturned(from) ? 1 : 0);
  const typed = [...statements.keys()];
  const { location } = labelAt(parent, from.statement);
  const added = [...statements].map(([compiled, text]): [CompiledStatement, Label] => {
    return [compiled, { name: statementName(text), location, typed: text }];
  });
  const left = program.statements.slice(rest);
  // A call that resumes on its own counts as part of the statement after which it resumes.
  const whole =
    from.resumption === null || hasReturned(from)
      ? left
      : left.with(0, elementAt(program.statements, from.statement));
  const course = { ...program, statements: [...typed, ...whole] };
  const first: Moment = {
    ...firstMoment<CompiledStatement>(stateOf(from), vmIdAt(from)),
    last: hasReturned(from) ? from : from.last,
    interrupted: interruptedAt(parent, rest, typed.length),
    // Calls that wait on the parent run are suspended on the branch.
    suspended: from.suspended.map((one) => ({ ...one, statement: null, resumesAlone: false })),
  };
  const beginsInRace = parent.branch?.beginsInRace === true || taskAt(parent.race, program, from) !== null;
  return {
    ...parent,
    program: course,
    labels: new Map([...labels, ...added]),
    timeline: new Timeline(course, parent.race, first),
    branch: { parent, from, typed: typed.length, rest, beginsInRace },
  };
}

/** The scenario at the root of all branches. */
export function trunkOf(scenario: DebuggedScenario): DebuggedScenario {
  return scenario.branch === null ? scenario : trunkOf(scenario.branch.parent);
}

/** Index of a statement in the text of the scenario; null for a typed statement. */
export function indexInTrunk(
  { branch, race, told, program }: DebuggedScenario,
  statement: number,
): number | null {
  if (race !== null) {
    // Turns change the order.
    const index = told.indexOf(elementAt(program.statements, statement));
    return index < 0 ? null : index;
  }
  if (branch === null) return statement;
  const { parent, typed, rest } = branch;
  return statement < typed ? null : indexInTrunk(parent, rest + statement - typed);
}
