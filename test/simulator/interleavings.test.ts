import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { analyze, type CompiledStatement, type Program } from '../../src/language';
import { type Executed, stepStatements } from '../../src/outcome';
import type { Call } from '../../src/simulator/calls';
import { violations } from '../../src/simulator/invariants';
import { runCall, startCall, vmAfter } from '../../src/simulator/run';
import { sameState } from '../../src/simulator/same-state';
import { firstMoment, stateOf } from '../../src/simulator/schedule';
import { staleMappings } from '../../src/simulator/stale-mappings';
import { initialState, type State } from '../../src/simulator/state';
import { nextStep, stepTask, taskOf } from '../../src/simulator/step-task';
import { scenarios } from '../generators/scenarios';

/** Scenarios whose calls are suspended at random steps, and go on at random places further down. */

function runAll(statements: readonly CompiledStatement[], from: State): readonly Executed[] {
  return [...stepStatements(statements, firstMoment(from))].filter((one) => one !== null);
}

/** The labels of the steps that each call goes through when it runs by itself, in their order. */
function labelsOf({ setup, statements }: Program): readonly (readonly string[])[] {
  let state = initialState(setup);
  let vmId = 0;
  return statements.map(({ call }) => {
    const labels: string[] = [];
    let stepped = startCall(state, vmId, call, 'the call', 0);
    // A call that would never end has shown all of its steps by then.
    while (stepped.tasks.length > 0 && labels.length < 500) {
      labels.push(nextStep(stepped, taskOf(stepped, 0)).label);
      stepped = stepTask(stepped).state;
    }
    state = runCall(state, vmId, call).state;
    vmId = vmAfter(call, vmId, state);
    return labels;
  });
}

function continuing(
  statement: CompiledStatement,
  title: string,
  until: string | null = null,
): CompiledStatement {
  return { ...statement, expected: null, course: { title, named: true, until, continues: true } };
}

function standing(statement: CompiledStatement, title: string, until: string): CompiledStatement {
  return { ...statement, expected: null, course: { title, named: true, until, continues: false } };
}

/** A statement and what it came to, for the message of a property that fails. */
function toldOf({ statement: { call, course }, events }: Executed): string {
  const suspended = events.flatMap((event) => (event.type === 'suspended' ? [event.why] : []));
  const { title, until, continues } = course;
  return [continues ? 'continue' : call.kind, title, until ?? '', ...suspended].join(' ');
}

interface Cut {
  readonly statement: number;
  /** Of the labels that it goes through. */
  readonly step: number;
  /** How many statements run meanwhile. */
  readonly behind: number;
  /** Where it is suspended for a second time; none where it is odd. */
  readonly again: number;
  /** Whether the scenario names it also if it has no `until`. */
  readonly named: boolean;
}

const cuts: fc.Arbitrary<readonly Cut[]> = fc.array(
  fc.record({
    statement: fc.nat(60),
    step: fc.nat(100),
    behind: fc.nat(6),
    again: fc.nat(100),
    named: fc.boolean(),
  }),
  { minLength: 1, maxLength: 6 },
);

const AT_ONCE: ReadonlySet<Call['kind']> = new Set<Call['kind']>(['vm', 'switch']);

/** The program with calls that are suspended, each of which is gone on with further down. */
function withCuts(program: Program, all: readonly Cut[]): readonly CompiledStatement[] {
  const labels = labelsOf(program);
  const later = new Map<number, CompiledStatement[]>();
  const cutBy = new Map(all.map((cut) => [cut.statement % program.statements.length, cut]));
  const out: CompiledStatement[] = [];
  program.statements.forEach((statement, at) => {
    const cut = cutBy.get(at);
    const own = labels[at]!;
    if (cut === undefined || own.length === 0 || AT_ONCE.has(statement.call.kind)) out.push(statement);
    else {
      const title = `call ${at}`;
      const again = cut.again % 2 === 1 ? null : own[cut.again % own.length]!;
      out.push(standing(statement, title, own[cut.step % own.length]!));
      const place = at + cut.behind;
      const first = continuing(statement, title, again);
      later.set(place, [...(later.get(place) ?? []), first]);
    }
    out.push(...(later.get(at) ?? []));
  });
  // Whatever is left goes on to its end; what waited for another needs a second time.
  const named = [...cutBy].map(([at]) => continuing(program.statements[at]!, `call ${at}`));
  return [...out, ...named, ...named, ...named, ...named];
}

/** Gfns that a vCPU reaches without a fault, and whose page is that of no file and of no userspace memory. */
function danglingGfns({ files, vms }: State, vmId: number): readonly number[] {
  const pfns = new Set<number>();
  for (const { start, end, value } of files.flatMap(({ cache }) => cache))
    for (let page = start; page < end; page++) pfns.add(page + value.frame);
  for (const { start, end, value } of vms.flatMap(({ memories }) =>
    memories.flatMap(({ present }) => present),
  ))
    for (let page = start; value.kind !== 'zero' && page < end; page++) pfns.add(page + value.frame);
  const found: number[] = [];
  for (const { start, end, value } of vms[vmId]!.roots.flatMap((root) => (root.invalid ? [] : root.leaves))) {
    if (value.kind !== 'mapped' || value.frame === 'zero') continue;
    for (let gfn = start; gfn < end; gfn++) if (!pfns.has(gfn + value.frame)) found.push(gfn);
  }
  return found;
}

describe('calls that are suspended and go on', () => {
  it.each(['linux-7.3', 'linux-6.12'])('keep the invariants on %s', (kernel) => {
    fc.assert(
      fc.property(scenarios({ maxStatements: 25 }), cuts, (text, all) => {
        const [program] = analyze(text.replace(/^kernel \S+/m, `kernel ${kernel}`)).programs;
        if (program.statements.length === 0) return;
        const ran = runAll(withCuts(program, all), initialState(program.setup));
        const last = stateOf(ran.at(-1)!.next);
        const told = ran.map(toldOf).join('\n');
        expect(
          last.tasks.map(({ title, suspended }) => `${title} ${suspended}`),
          told,
        ).toEqual([]);
        expect(violations(last), told).toEqual([]);
        for (const { events, after } of ran) {
          const stale = after.vms.flatMap(({ id }) => staleMappings(after, id));
          expect(stale, told).toEqual([]);
          expect(
            events.filter(({ type }) => type === 'warn' || type === 'oops'),
            told,
          ).toEqual([]);
        }
      }),
      { numRuns: 100 },
    );
  });

  it('do the same as without, where they go on at once', () => {
    fc.assert(
      fc.property(scenarios({ maxStatements: 12 }), fc.nat(1000), (text, draw) => {
        const [program] = analyze(text).programs;
        const labels = labelsOf(program);
        // Calls in the middle of which others may run take each page by itself.
        const named = program.statements.map((statement, at) => {
          const course = { title: `call ${at}`, named: true, until: null, continues: false };
          return { ...statement, expected: null, course };
        });
        const whole = runAll(named, initialState(program.setup));
        const cut = program.statements.flatMap((statement, at) => {
          const own = labels[at]!;
          if (AT_ONCE.has(statement.call.kind) || own.length === 0) return [named[at]!];
          const until = own[draw % own.length]!;
          return [standing(statement, `call ${at}`, until), continuing(statement, `call ${at}`)];
        });
        const pieces = runAll(cut, initialState(program.setup));
        const eventsOf = (all: readonly Executed[]) =>
          all.flatMap(({ events }) => events).filter(({ type }) => type !== 'suspended');
        expect(eventsOf(pieces)).toEqual(eventsOf(whole));
        const [a, b] = [pieces.at(-1)?.next, whole.at(-1)?.next];
        if (a === undefined || b === undefined) return;
        expect(sameState(stateOf(a), stateOf(b))).toBe(true);
      }),
      { numRuns: 60 },
    );
  });
});

/** Two calls on a machine: every pair of steps at which the one and the other are suspended. */
const PAIRS: readonly (readonly [what: string, setup: string, one: string, other: string])[] = [
  ['a fault and a hole', '', 'fault vcpu 0 read gpa 0x80000000', 'punch A offset 0 size 8K'],
  [
    'a fault and a conversion',
    '',
    'fault vcpu 0 write gpa 0x80000000',
    'convert gpa 0x80000000 size 8K shared',
  ],
  ['a fault and a deletion', '', 'fault vcpu 0 read gpa 0x80000000', 'delete slot 0'],
  ['two faults', '', 'fault vcpu 0 read gpa 0x80000000', 'fault vcpu 1 write gpa 0x80000000'],
  [
    'a prefault and a discarded page',
    'fault vcpu 1 write gpa 0x90000000',
    'prefault vcpu 0 gpa 0x90000000 size 8K',
    'discard slot 1 offset 0 size 8K',
  ],
  ['closing a file and deleting its slot', '', 'close A', 'delete slot 0'],
  ['a deletion and a prefault', '', 'delete slot 0', 'prefault vcpu 0 gpa 0x80000000 size 8K'],
];

/** Runs the last two statements of a scenario suspended at every pair of their steps, and on to their ends. */
function* atEveryPair(text: string): Generator<{ ran: readonly Executed[]; told: string }> {
  const [{ setup, statements }] = analyze(text).programs;
  const [a, b] = [statements.at(-2)!, statements.at(-1)!];
  const from = stateOf(runAll(statements.slice(0, -2), initialState(setup)).at(-1)!.next);
  const [own, others] = labelsOf({ setup, statements } as Program).slice(-2);
  for (const first of new Set(own)) {
    for (const second of new Set(others)) {
      const rest = [continuing(a, 'one'), continuing(b, 'other')];
      const ran = runAll(
        [standing(a, 'one', first), standing(b, 'other', second), ...rest, ...rest, ...rest],
        from,
      );
      yield { ran, told: [setup.kernel, ...ran.map(toldOf)].join('\n') };
    }
  }
}

describe('two calls, at every pair of steps', () => {
  it.each(PAIRS)('%s', (_what, setUp, one, other) => {
    const text = `vm sw-protected vcpus 2
      gmem A size 64K
      slot 0 gpa 0x80000000 size 64K gmem A offset 0
      slot 1 gpa 0x90000000 size 64K
      convert gpa 0x80000000 size 64K private
      prefault vcpu 1 gpa 0x80001000 size 4K
      ${setUp}`;
    for (const kernel of ['linux-7.3', 'linux-6.12']) {
      for (const { ran, told } of atEveryPair(`kernel ${kernel} ${text}\n${one}\n${other}`)) {
        expect(stateOf(ran.at(-1)!.next).tasks, told).toEqual([]);
        expect(violations(stateOf(ran.at(-1)!.next)), told).toEqual([]);
        expect(ran.flatMap(({ events }) => events.filter(({ type }) => type === 'warn'))).toEqual([]);
        expect(
          ran.flatMap(({ after }) => staleMappings(after, 0)),
          told,
        ).toEqual([]);
      }
    }
  });

  it.each([
    ['range-math shifted', 'punch A offset 32K size 8K', 'fault vcpu 0 read gpa 0x80002000'],
    ['range-math shifted', 'punch A offset 32K size 8K', 'close A'],
    ['unbind-zap off', 'delete slot 0', 'close A'],
  ])('with %s, `%s` and `%s` leave no freed page mapped without its being stale', (knob, one, other) => {
    let found = 0;
    const text = `kernel linux-7.3 with ${knob}
      vm sw-protected vcpus 2
      gmem A size 64K
      slot 0 gpa 0x80000000 size 32K gmem A offset 32K
      convert gpa 0x80000000 size 32K private
      prefault vcpu 1 gpa 0x80000000 size 8K`;
    for (const { ran, told } of atEveryPair(`${text}\n${one}\n${other}`)) {
      for (const { after } of ran) {
        const stale = staleMappings(after, 0);
        const dangling = danglingGfns(after, 0);
        found += dangling.length;
        const untold = dangling.filter((gfn) => !stale.some(({ start, end }) => start <= gfn && gfn < end));
        expect(untold, told).toEqual([]);
      }
    }
    expect(found).toBeGreaterThan(0);
  });
});
