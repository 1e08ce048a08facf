import type { Call, Order, Setup } from '../../simulator';
import { elementAt } from '../../simulator';
import type { Diagnostic } from '../diagnostics/diagnostics';
import type { Reported } from '../diagnostics/report';
import type { Expectations } from '../expectations/expectations';
import { kernelChoiceOf } from '../kernels/catalogue';
import type { Pieces } from '../pieces';
import { ownKernel, sharedAbove, sharedStatements } from '../tree/blocks';
import { type Layer, layer } from '../tree/layer';
import { indexLines, type LineIndex, positionAt } from '../tree/positions';
import type {
  Block,
  DiagnosticsByOwner,
  Document,
  ExpectationNode,
  Owner,
  QuantifiedExpectation,
  RaceBlock,
  Span,
  Statement,
} from '../tree/tree';
import { callOf, DEFAULT_VM, vmOf } from './calls';
import { type Race, raceOf } from './race';

/** Compiles the syntax tree to programs for the simulator. */

/** How a call runs among others: an order without its call. */
export type Course = Omit<Order, 'call'>;

export interface CompiledStatement {
  readonly statement: Statement;
  /** Line of the keyword, from 1. */
  readonly line: number;
  /** For `continue`, the call that it resumes. */
  readonly call: Call;
  /** How the call runs among others. */
  readonly course: Course;
  /** What must always hold; null if the scenario expects nothing of that kind. */
  readonly expected: Expectations | null;
  /** What must never hold, or only in some order of a race; empty for most statements. */
  readonly quantified: readonly QuantifiedExpectation[];
  /** Whether the call is one of a race, or behind one; null if neither. */
  readonly race: 'in' | 'behind' | null;
}

/** One scenario, ready to run. */
export interface Program {
  /** Null for a document without blocks. */
  readonly title: string | null;
  /** Its block in the text; null for a document without blocks. */
  readonly block: Span | null;
  readonly setup: Setup;
  /** Its calls, without the first `vm` and without statements that have errors. */
  readonly statements: readonly CompiledStatement[];
  /** The race among its statements; null without one, and if it has an error of its own. */
  readonly race: Race | null;
  /** The errors that make the program incomplete; empty if it is complete. */
  readonly errors: readonly Diagnostic[];
  /**
   * The offset from which on the state may differ from the intended one, because an error left a statement out; null if
   * no statement was left out.
   */
  readonly doubtfulFrom: number | null;
}

/** Statements and expectations that have errors. */
type Bad = ReadonlySet<Owner>;

function withErrors({ statements, races }: Document, byOwner: DiagnosticsByOwner): Bad {
  const hasErrors = (owner: Owner) =>
    !owner.wellFormed || (byOwner.get(owner) ?? []).some(({ severity }) => severity === 'error');
  const owners = statements.flatMap((statement): Owner[] =>
    statement.expectation === null ? [statement] : [statement, statement.expectation],
  );
  const ofRaces = races.flatMap(({ expectation }): Owner[] => (expectation === null ? [] : [expectation]));
  return new Set([...owners, ...ofRaces].filter(hasErrors));
}

function setupOf(kernel: Statement | undefined, vm: Statement | undefined): Setup {
  return { ...kernelChoiceOf(kernel), ...(vm === undefined ? DEFAULT_VM : vmOf(vm)) };
}

/** The calls of a scenario by their names. */
type NamedCalls = Layer<string, Call>;

/** Compiles a statement in the context of its scenario; null if it makes no call. */
function compiledCall(
  statement: Statement,
  firstVm: Statement | undefined,
  bad: Bad,
  named: NamedCalls,
): Call | null {
  if (statement === firstVm) return null;
  if (bad.has(statement))
    return statement.keyword === 'vm' ? { kind: 'vm', type: 'default', vcpus: 1 } : null;
  const { call } = statement.names;
  if (statement.keyword === 'continue') return (call && named.get(call.text)) ?? null;
  return callOf(statement);
}

function courseOf({ keyword, names: { call, step } }: Statement, line: number): Course {
  return {
    title: call?.text ?? `line ${line}`,
    named: call !== undefined,
    until: step?.text ?? null,
    continues: keyword === 'continue',
  };
}

/** Errors, and what else is known of the whole document. */
interface Known {
  readonly bad: Bad;
  /** Diagnostics of expectations. */
  readonly ofExpectations: ReadonlySet<Diagnostic>;
  readonly lines: LineIndex;
  readonly races: ReadonlyMap<Statement, RaceBlock>;
}

/** Statements as they are compiled, one after the other. */
interface Compiling {
  readonly statements: CompiledStatement[];
  readonly named: NamedCalls;
  /** The `vm` that makes VM 0, which is there without it too. */
  vm: Statement | undefined;
  /** The first `kernel` without an error. */
  kernel: Statement | undefined;
  /** The first race. */
  race: RaceBlock | undefined;
}

/** Where a statement is, seen from the race of its scenario. */
function placeOf({ span }: Statement, race: RaceBlock | undefined): CompiledStatement['race'] {
  if (race === undefined) return null;
  return span.start < race.body.end ? 'in' : 'behind';
}

/** The expectations that must always hold; null if there are none. */
function alwaysExpected({ expectations, items }: ExpectationNode): Expectations | null {
  return items.some(({ quantifier }) => quantifier === 'always') ? expectations : null;
}

function compileNext(compiling: Compiling, statement: Statement, { bad, lines, races }: Known): void {
  const { statements, named } = compiling;
  const { keyword, keywordSpan, expectation } = statement;
  if (keyword === 'vm') compiling.vm ??= statement;
  if (keyword === 'kernel' && !bad.has(statement)) compiling.kernel ??= statement;
  compiling.race ??= races.get(statement);
  const call = compiledCall(statement, compiling.vm, bad, named);
  if (call === null) return;
  const line = positionAt(lines, keywordSpan.start).line + 1;
  const course = courseOf(statement, line);
  if (course.named) named.set(course.title, call);
  const sound = expectation === null || bad.has(expectation) ? null : expectation;
  statements.push({
    statement,
    line,
    call,
    course,
    expected: sound === null ? null : alwaysExpected(sound),
    quantified: sound?.quantified ?? [],
    race: placeOf(statement, compiling.race),
  });
}

/** Errors in the order of the text, and the offset of the first that is not in an outcome; null where there is none. */
interface Errors {
  readonly all: Diagnostic[];
  doubtfulFrom: number | null;
}

/** The errors of the text outside of blocks, and those of each block. */
function errorsByBlock(
  { blocks }: Document,
  errors: readonly Diagnostic[],
  ofExpectations: ReadonlySet<Diagnostic>,
): { readonly shared: Errors; readonly own: readonly Errors[] } {
  const shared: Errors = { all: [], doubtfulFrom: null };
  const own = blocks.map((): Errors => ({ all: [], doubtfulFrom: null }));
  let next = 0;
  for (const error of errors) {
    const { start } = error.span;
    while (next < blocks.length && elementAt(blocks, next).span.end <= start) next++;
    const isInside = next < blocks.length && start >= elementAt(blocks, next).span.start;
    const errorsThere = isInside ? elementAt(own, next) : shared;
    errorsThere.all.push(error);
    if (!ofExpectations.has(error)) errorsThere.doubtfulFrom ??= start;
  }
  return { shared, own };
}

/** The first of two offsets. */
function first(a: number | null, b: number | null): number | null {
  if (a === null || b === null) return a ?? b;
  return Math.min(a, b);
}

function programOf(
  block: Block | null,
  { kernel, vm, race: raceBlock }: Omit<Compiling, 'statements' | 'named'>,
  { bad, lines }: Known,
  parts: { readonly shared: Errors; readonly own: Errors; readonly statements: () => Program['statements'] },
): Program {
  const { shared, own } = parts;
  let statements: Program['statements'] | null = null;
  let errors: Program['errors'] | null = null;
  let race: Race | null | undefined;
  return {
    title: block === null ? null : (block.header.names.title?.text ?? ''),
    block: block?.span ?? null,
    setup: setupOf(kernel, vm !== undefined && bad.has(vm) ? undefined : vm),
    get statements() {
      statements ??= parts.statements();
      return statements;
    },
    get race() {
      if (race === undefined)
        race = raceBlock === undefined ? null : raceOf(raceBlock, this.statements, bad, lines);
      return race;
    },
    get errors() {
      errors ??= inOrder(shared.all, own.all);
      return errors;
    },
    doubtfulFrom: first(shared.doubtfulFrom, own.doubtfulFrom),
  };
}

function inOrder(shared: readonly Diagnostic[], own: readonly Diagnostic[]): readonly Diagnostic[] {
  return own.length === 0 ? shared : [...shared, ...own].sort((a, b) => a.span.start - b.span.start);
}

const NO_ERRORS: Errors = { all: [], doubtfulFrom: null };

/**
 * Compiles every scenario of a document, in the order of the text.
 * @param reported All diagnostics of the document, from `parse` and `validate`. Statements with errors are left out;
 * `kernel` and `vm` are replaced by the defaults, so that VMs keep their numbers. If only the expectations have an
 * error, the call is kept without expectations.
 */
export function* compileInPieces(
  document: Document,
  { diagnostics, byOwner }: Reported,
): Pieces<readonly [Program, ...Program[]]> {
  const { blocks } = document;
  const errors = diagnostics.filter(({ severity }) => severity === 'error');
  const outcomes = document.statements.flatMap(({ expectation }) => expectation ?? []);
  const known: Known = {
    bad: withErrors(document, byOwner),
    ofExpectations: new Set(outcomes.flatMap((outcome) => byOwner.get(outcome) ?? [])),
    lines: indexLines(document.text),
    races: new Map(document.races.map((race) => [race.header, race])),
  };
  const shared = sharedStatements(document);
  const above = sharedAbove(document, shared);
  const outside: Compiling = {
    statements: [],
    named: layer(),
    vm: undefined,
    kernel: undefined,
    race: undefined,
  };
  const found = errorsByBlock(document, errors, known.ofExpectations);
  const programs: Program[] = [];
  let done = 0;
  for (const [at, block] of blocks.entries()) {
    for (; done < elementAt(above, at); done++) {
      compileNext(outside, elementAt(shared, done), known);
      yield;
    }
    const own = ownKernel(block);
    const inside: Compiling = {
      statements: [],
      named: layer(outside.named),
      vm: outside.vm,
      kernel: own === undefined ? outside.kernel : undefined,
      race: outside.race,
    };
    for (const statement of block.statements) {
      compileNext(inside, statement, known);
      yield;
    }
    const count = outside.statements.length;
    const statements = () => [...outside.statements.slice(0, count), ...inside.statements];
    programs.push(
      programOf(block, inside, known, { shared: found.shared, own: elementAt(found.own, at), statements }),
    );
  }
  const [firstProgram, ...others] = programs;
  if (firstProgram !== undefined) return [firstProgram, ...others];
  for (const statement of shared) {
    compileNext(outside, statement, known);
    yield;
  }
  const statements = () => outside.statements;
  return [programOf(null, outside, known, { shared: found.shared, own: NO_ERRORS, statements })];
}
