/**
 * What-if: statements that were typed run from where the scenario stands, on a branch of its run, which then goes on
 * with the rest of the scenario. The run that it came off stays as it is, and is come back to exactly.
 */
import { analyze, type CompiledStatement, type Diagnostic } from '../language';
import { hasReturned, type Interrupted, isUnderWay, type Moment, stateOf } from './moment';
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
}

/** Text, and how far in the scenario's own text it has come. */
interface TextSoFar {
  readonly text: string;
  readonly at: number;
}

/** The text of what has run up to a moment, in the order in which it ran: it says which names there are. */
function textUpTo({ text, program, labels, branch }: Scenario, moment: Moment): TextSoFar {
  // Before the first call there may be `kernel` and `vm`.
  const first = program.statements[0]?.statement.span.start ?? 0;
  const before =
    branch === null ? { text: text.slice(0, first), at: first } : textUpTo(branch.parent, branch.from);
  const begun = moment.statement + (moment.run === null ? 0 : 1);
  const pieces = [before.text];
  let { at } = before;
  for (const compiled of program.statements.slice(0, begun)) {
    const typed = labels.get(compiled)?.typed ?? null;
    const end = Math.max(at, typed === null ? compiled.statement.span.end : at);
    pieces.push(typed === null ? text.slice(at, end) : `\n${typed}\n`);
    at = end;
  }
  return { text: pieces.join(''), at };
}

/** Compiles statements with the names that are known where the scenario stands. */
export function compileTyped(scenario: Scenario, typed: string): Typed {
  const before = `${textUpTo(scenario, scenario.timeline.current).text}\n`;
  const text = before + typed;
  const { program } = analyze(text);
  const added = program.statements.filter(({ statement }) => statement.span.start >= before.length);
  const statements = new Map(
    added.map((compiled) => [
      compiled,
      text.slice(compiled.statement.span.start, compiled.statement.span.end),
    ]),
  );
  return { statements, errors: program.errors.filter(({ span }) => span.end > before.length) };
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
  const rest = from.statement + (hasReturned(from) ? 1 : 0);
  const typed = [...statements.keys()];
  const { place } = labelAt(parent, from.statement);
  const added = [...statements].map(([compiled, text]): [CompiledStatement, Label] => {
    return [compiled, { name: statementName(text), place, typed: text }];
  });
  const course = { ...program, statements: [...typed, ...program.statements.slice(rest)] };
  const first: Moment = {
    tick: 0,
    statement: 0,
    before: stateOf(from),
    run: null,
    trail: null,
    last: hasReturned(from) ? from : from.last,
    interrupted: interruptedAt(parent, rest, typed.length),
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
