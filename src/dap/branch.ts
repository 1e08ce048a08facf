/**
 * What-if: statements that were typed run from where the scenario stands, on a branch of its run, which then goes on
 * with the rest of the scenario. The run that it came off stays as it is, and is come back to exactly.
 */
import { analyze, type CompiledStatement, type Diagnostic, type Keyword, type Statement } from '../language';
import { hasReturned, type Interrupted, isUnderWay, type Moment, reachedBy, stateOf, vmIdAt } from './moment';
import { type Label, statementName } from './places';
import { labelAt, type Scenario } from './scenario';
import { Timeline } from './timeline';

export interface Branch {
  readonly parent: Scenario;
  /** Where it came off. */
  readonly from: Moment;
  /** How many statements of its program were typed: the first ones. */
  readonly typed: number;
  /** Index in the parent's program of the statement that follows them. */
  readonly rest: number;
}

/** Statements that were typed, or what is wrong with them. */
export interface Typed {
  readonly statements: ReadonlyMap<CompiledStatement, string>;
  readonly errors: readonly Diagnostic[];
  /** Keywords, in the order of the text. */
  readonly keywords: readonly Keyword[];
}

/** Texts of statements, and how many of the scenario's own are among them. */
interface Told {
  readonly texts: readonly string[];
  readonly own: number;
}

/** What has run up to a moment, in the order in which it ran: it says which names there are. */
function toldUpTo({ text, statements, program, labels, branch }: Scenario, moment: Moment): Told {
  const textOf = ({ callSpan }: Statement) => text.slice(callSpan.start, callSpan.end);
  // Before the first call there may be `kernel`, `vm` and constants.
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

/** Compiles statements with the names that are known where the scenario stands. */
export function compileTyped(scenario: Scenario, typed: string): Typed {
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
      // Its line is one of a text that nobody sees.
      const title = course.named || course.continues ? course.title : `\`${statementName(own)}\``;
      return [{ ...compiled, course: { ...course, title } }, own];
    }),
  );
  const keywords = document.statements
    .filter(({ span }) => span.start >= before.length)
    .map(({ keyword }) => keyword);
  return { statements, errors: program.errors.filter(({ span }) => span.end > before.length), keywords };
}

/** The call that stands still while the typed statements run, if one does. */
function interruptedAt(scenario: Scenario, rest: number, typed: number): Interrupted | null {
  const from = scenario.timeline.current;
  if (isUnderWay(from)) {
    return { moment: from, statement: scenario.program.statements[from.statement]!, resumesAt: typed };
  }
  const { interrupted } = from;
  return interrupted && { ...interrupted, resumesAt: interrupted.resumesAt - rest + typed };
}

/** The branch on which the typed statements come next. */
export function branchOff(parent: Scenario, statements: Typed['statements']): Scenario {
  const { program, labels, timeline } = parent;
  const from = timeline.current;
  const rest = reachedBy(from) + (hasReturned(from) ? 1 : 0);
  const typed = [...statements.keys()];
  const { place } = labelAt(parent, from.statement);
  const added = [...statements].map(([compiled, text]): [CompiledStatement, Label] => {
    return [compiled, { name: statementName(text), place, typed: text }];
  });
  const left = program.statements.slice(rest);
  // A call that goes on by itself takes the place of the statement after which it does.
  const whole =
    from.late === null || hasReturned(from) ? left : left.with(0, program.statements[from.statement]!);
  const course = { ...program, statements: [...typed, ...whole] };
  const first: Moment = {
    tick: 0,
    statement: 0,
    compiled: null,
    before: stateOf(from),
    vmId: vmIdAt(from),
    run: null,
    trail: null,
    last: hasReturned(from) ? from : from.last,
    interrupted: interruptedAt(parent, rest, typed.length),
    // What waits on the run that it came off stands still here.
    standing: from.standing.map((one) => ({ ...one, statement: null, byItself: false })),
    late: null,
  };
  return {
    ...parent,
    program: course,
    labels: new Map([...labels, ...added]),
    timeline: new Timeline(course, first),
    branch: { parent, from, typed: typed.length, rest },
  };
}

/** The scenario that a branch came off in the end. */
export function trunkOf(scenario: Scenario): Scenario {
  return scenario.branch === null ? scenario : trunkOf(scenario.branch.parent);
}

/** Index of a statement in the scenario's own program; null of one that was typed. */
export function indexInTrunk({ branch }: Scenario, statement: number): number | null {
  if (branch === null) return statement;
  const { parent, typed, rest } = branch;
  return statement < typed ? null : indexInTrunk(parent, rest + statement - typed);
}
