/** Compares a scenario on two kernels. */
import type { CompiledStatement, KernelChoice, ObservedOutcome, Program } from '../../language';
import type { Event } from '../../simulator';
import { routed } from '../events/routes';
import { failedExpectations } from '../expectations/check';
import { observedOutcome } from '../expectations/observed';
import { type Executed, stepScenario } from '../run';
import { type Description, describe } from '../text/describe';
import { errorCodeNames } from '../text/error-code';
import { hex } from '../text/notation';
import { changesUnlike, orderLines, spteDifference } from './spte-changes';

/**
 * How a statement differs.
 *
 * `outcome`: in anything that can be expected, in an exit, in a nested page fault (vCPU, address, error code), in a
 * remark of its description, or in which SPTEs change: their gfn, their level, whether they are empty, a table, an MMIO
 * SPTE or a leaf, and whether a leaf maps a file, userspace memory or the zero page. Which frame a leaf maps does not
 * count.
 *
 * `bits`: the same SPTEs change, and only bits of their leaves differ. `order`: the same changes happen in another
 * order.
 */
export type StatementDifference = 'none' | 'order' | 'bits' | 'outcome';

/** The outcome of a statement on one of the kernels. */
export interface ComparedSide {
  readonly events: readonly Event[];
  readonly described: Description;
  readonly vmId: number;
  /** One line each; equal on both sides if the kernels agree. */
  readonly lines: readonly string[];
}

export interface ComparedStatement {
  readonly statement: CompiledStatement;
  readonly difference: StatementDifference;
  readonly left: ComparedSide;
  readonly right: ComparedSide;
}

/** The program on another kernel, without its expectations, which apply only to the kernel of the scenario. */
function onKernel(program: Program, { kernel, knobs }: KernelChoice): Program {
  return {
    ...program,
    setup: { ...program.setup, kernel, knobs },
    statements: program.statements.map((statement) => ({ ...statement, expected: null })),
  };
}

/** The outcome on one side, in comparable form. */
interface Knowledge {
  readonly events: readonly Event[];
  readonly vmId: number;
  readonly described: Description;
  /** The parts of the description that say more than expectations can. */
  readonly remarks: readonly string[];
  readonly expectations: ObservedOutcome;
  readonly faults: readonly string[];
}

function faultsIn(events: readonly Event[]): readonly string[] {
  return routed(
    'details',
    events,
  )('faults').map(
    ({ vcpu, gpa, errorCode }) =>
      `fault of vCPU ${vcpu} at gpa ${hex(gpa)}, error code ${hex(errorCode)} (${errorCodeNames(errorCode)})`,
  );
}

function knowledgeOf(executed: Executed): Knowledge {
  const { statement, events } = executed;
  const described = describe(statement, events, executed);
  return {
    events,
    vmId: executed.vmId,
    described,
    remarks: [
      ...described.parts.filter(({ saysMore }) => saysMore).map(({ text }) => text),
      ...described.verdicts,
    ],
    expectations: observedOutcome(events, executed),
    faults: faultsIn(events),
  };
}

function sameLines(a: readonly string[], b: readonly string[]): boolean {
  return a.join('\n') === b.join('\n');
}

/** The outcomes of one side that the other side lacks, as written in expectations. */
function expectationsUnlike(own: ObservedOutcome, other: ObservedOutcome): readonly string[] {
  return failedExpectations(own, other).map(({ expected }) => expected);
}

function sameExpectations(a: ObservedOutcome, b: ObservedOutcome): boolean {
  return expectationsUnlike(a, b).length === 0 && expectationsUnlike(b, a).length === 0;
}

function differenceOf(a: Knowledge, b: Knowledge): StatementDifference {
  const sptes = spteDifference(a.events, b.events);
  const same =
    sptes !== 'entries' &&
    sameLines(a.faults, b.faults) &&
    sameLines(a.remarks, b.remarks) &&
    sameExpectations(a.expectations, b.expectations);
  if (!same) return 'outcome';
  // The SPTEs show a different order; any other difference in the text is a different outcome.
  return sptes !== 'none' || sameLines(a.described.lines, b.described.lines) ? sptes : 'outcome';
}

/** Differences that the description does not show. */
function detailsOf(difference: StatementDifference, own: Knowledge, other: Knowledge): readonly string[] {
  switch (difference) {
    case 'none':
      return [];
    case 'order':
      return orderLines(own.events, other.events);
    case 'bits':
      return changesUnlike(own.events, other.events);
    case 'outcome':
      if (!sameLines(own.described.lines, other.described.lines)) return [];
      return [
        ...expectationsUnlike(own.expectations, other.expectations),
        ...(sameLines(own.faults, other.faults) ? [] : own.faults),
        ...changesUnlike(own.events, other.events),
      ];
  }
}

/** Maximum number of detail lines for one statement. */
const MOST_DETAILS = 40;

function shortened(lines: readonly string[]): readonly string[] {
  if (lines.length <= MOST_DETAILS) return lines;
  return [...lines.slice(0, MOST_DETAILS), `… and ${lines.length - MOST_DETAILS} more`];
}

/** Compares the outcomes of a statement in two runs. */
function compareExecuted(left: Executed, right: Executed): ComparedStatement {
  const [a, b] = [knowledgeOf(left), knowledgeOf(right)];
  const difference = differenceOf(a, b);
  const sideOf = (own: Knowledge, other: Knowledge): ComparedSide => {
    // If only order or bits differ, the descriptions are equal, possibly in another order.
    const { described } = difference === 'outcome' ? own : a;
    return {
      events: own.events,
      described: own.described,
      vmId: own.vmId,
      lines: [...described.lines, ...shortened(detailsOf(difference, own, other))],
    };
  };
  return { statement: left.statement, difference, left: sideOf(a, b), right: sideOf(b, a) };
}

/** Continues a run until its next statement has run, and yields whenever the run yields. */
function* nextStatement(run: Iterator<Executed | null>): Generator<null, Executed> {
  for (;;) {
    const { value, done } = run.next();
    if (done === true) throw new Error('the run ended before its last statement');
    if (value !== null) return value;
    yield null;
  }
}

/**
 * Runs a program on two kernels, and yields null after each kernel step, and each pair of outcomes once both have run
 * the statement.
 */
export function* compareInSteps(
  program: Program,
  left: KernelChoice,
  right: KernelChoice,
): Generator<ComparedStatement | null> {
  const [a, b] = [stepScenario(onKernel(program, left)), stepScenario(onKernel(program, right))];
  for (let count = 0; count < program.statements.length; count++) {
    yield compareExecuted(yield* nextStatement(a), yield* nextStatement(b));
  }
}

/** Compares the outcomes of a program's statements on two kernels. */
export function compareKernels(
  program: Program,
  left: KernelChoice,
  right: KernelChoice,
): readonly ComparedStatement[] {
  return [...compareInSteps(program, left, right)].filter((compared) => compared !== null);
}
