import fc from 'fast-check';
import { analyze } from '../../src/language';
import { describe, runScenario } from '../../src/outcome';
import { runCall, startCall } from '../../src/simulator/run';
import { initialState } from '../../src/simulator/state';
import { nextStep, stepTask, taskOf } from '../../src/simulator/step-task';

/** Races of two or three calls on one or two slots, suspended at random steps of theirs. */

interface Host {
  readonly vm: 'default' | 'sw-protected' | 'sev-snp' | 'tdx';
  /** `same file`: both slots are bound to one file. */
  readonly second: 'none' | 'same file' | 'other file' | 'no file';
  /** Whether the slots map userspace memory by huge pages. */
  readonly thp: boolean;
  readonly isPrivate: boolean;
  /** Pages that are mapped before. */
  readonly mapped: readonly number[];
}

const host: fc.Arbitrary<Host> = fc.record({
  vm: fc.constantFrom('sw-protected', 'sw-protected', 'default', 'sev-snp', 'tdx'),
  second: fc.constantFrom('none', 'same file', 'other file', 'no file'),
  thp: fc.boolean(),
  isPrivate: fc.boolean(),
  mapped: fc.array(fc.nat(3), { maxLength: 3 }),
});

/** Both slots are next to each other, and every range is near the border. */
const BASE = 0x80000;
const SIZE = 0x200;

const hex = (value: number) => `0x${value.toString(16)}`;
/** The first gfns of each slot, and the last of the first. */
const NEAR = [BASE, BASE + 1, BASE + SIZE - 1, BASE + SIZE];

/** The slots; those of default VMs have no files. */
function setUp({ vm, second, thp, isPrivate, mapped }: Host): readonly string[] {
  const huge = thp ? ' thp' : '';
  const file = vm === 'default' ? '' : ' gmem A pgoff 0';
  const others: Readonly<Record<Host['second'], string>> = {
    none: '',
    'same file': ` gmem A pgoff ${hex(SIZE)}`,
    'other file': ' gmem B pgoff 0',
    'no file': '',
  };
  const other = vm === 'default' ? '' : others[second];
  const gfns = `gfn ${hex(BASE)}..${hex(BASE + 2 * SIZE)}`;
  return [
    `vm ${vm} vcpus 3`,
    ...(vm === 'default' ? [] : ['gmem A size 4M', 'gmem B size 4M']),
    `slot 0 gfn ${hex(BASE)}..${hex(BASE + SIZE)}${file}${huge}`,
    ...(second === 'none' ? [] : [`slot 1 gfn ${hex(BASE + SIZE)}..${hex(BASE + 2 * SIZE)}${other}${huge}`]),
    ...(vm === 'sev-snp' ? ['launch-finish'] : []),
    ...(isPrivate && vm !== 'default' ? [`convert ${gfns} private`] : []),
    ...mapped.map((at) => `prefault vcpu 2 gfn ${hex(NEAR[at]!)}..${hex(NEAR[at]! + 1)}`),
  ];
}

const near = fc.nat(3).map((at) => NEAR[at]!);
const range = fc
  .tuple(near, fc.constantFrom(1, 2, 16, SIZE, SIZE + 1))
  .map(([start, pages]) => `${hex(start)}..${hex(start + pages)}`);
/** Pages of a file or of the memory of a slot. */
const pages = fc
  .tuple(fc.constantFrom(0, 1, SIZE - 1, SIZE), fc.constantFrom(1, 2, SIZE))
  .map(([start, count]) => `${hex(start)}..${hex(start + count)}`);
const file = fc.constantFrom('A', 'A', 'B');
const slot = fc.constantFrom('0', '0', '1');
const access = fc.constantFrom('read', 'write', 'exec');
const kind = fc.constantFrom('private', 'shared');

/** A call, in words; of vCPU N if it says so. */
const call = fc.oneof(
  { arbitrary: fc.tuple(access, near).map(([how, gfn]) => `fault vcpu N ${how} gfn ${hex(gfn)}`), weight: 4 },
  { arbitrary: range.map((gfns) => `prefault vcpu N gfn ${gfns}`), weight: 3 },
  { arbitrary: fc.tuple(file, pages).map(([name, at]) => `punch ${name} pgoff ${at}`), weight: 3 },
  { arbitrary: fc.tuple(file, pages).map(([name, at]) => `allocate ${name} pgoff ${at}`), weight: 1 },
  { arbitrary: fc.tuple(range, kind).map(([gfns, to]) => `convert gfn ${gfns} ${to}`), weight: 3 },
  { arbitrary: file.map((name) => `close ${name}`), weight: 2 },
  { arbitrary: slot.map((id) => `delete slot ${id}`), weight: 2 },
  {
    arbitrary: fc.constantFrom(
      `slot 0 gfn ${hex(BASE)}..${hex(BASE + SIZE)} gmem B pgoff 0`,
      `slot 0 gfn ${hex(BASE + 16)}..${hex(BASE + SIZE + 16)}`,
      `slot 1 gfn ${hex(BASE + SIZE)}..${hex(BASE + 2 * SIZE)}`,
    ),
    weight: 1,
  },
  { arbitrary: fc.tuple(slot, pages).map(([id, at]) => `discard slot ${id} pgoff ${at}`), weight: 2 },
  {
    arbitrary: fc
      .tuple(slot, fc.constantFrom(0, 1, SIZE - 1))
      .map(([id, at]) => `host write slot ${id} pgoff ${hex(at)}`),
    weight: 1,
  },
  { arbitrary: file.map((name) => `poison ${name} pgoff 1`), weight: 1 },
);

/** The steps of a call that runs alone behind the others. */
function labelsBehind(text: string): readonly (readonly string[])[] {
  const [{ setup, statements }] = analyze(text).programs;
  let state = initialState(setup);
  return statements.map((statement) => {
    const labels = new Set<string>();
    let stepped = startCall(state, 0, statement.call, 'the call', 0);
    for (let steps = 0; stepped.tasks.length > 0 && steps < 300; steps++) {
      labels.add(nextStep(stepped, taskOf(stepped, 0)).label);
      stepped = stepTask(stepped).state;
    }
    state = runCall(state, 0, statement.call).state;
    return [...labels];
  });
}

interface Course {
  readonly until: number;
  readonly again: number | null;
}

const course: fc.Arbitrary<Course> = fc.record({ until: fc.nat(200), again: fc.option(fc.nat(200)) });

/** Scenarios without an error. */
export function races(kernel: string): fc.Arbitrary<string> {
  return fc
    .record({
      machine: host,
      calls: fc.array(call, { minLength: 2, maxLength: 3 }),
      last: fc.option(call, { freq: 2 }),
      courses: fc.array(course, { minLength: 3, maxLength: 3 }),
      order: fc.array(fc.nat(2), { maxLength: 4 }),
    })
    .map(({ machine, calls, last, courses, order }) => {
      const before = [`kernel ${kernel}`, ...setUp(machine)];
      const worded = calls.map((text, at) => text.replace('vcpu N', `vcpu ${at}`));
      const whole = [...before, ...worded].join('\n');
      const labels = labelsBehind(whole).slice(-worded.length);
      const stepOf = (at: number, step: number) => labels[at]?.[step % labels[at].length];
      const begun = worded.map((text, at) => {
        const step = stepOf(at, courses[at]!.until);
        return step === undefined ? `${text} as c${at}` : `${text} until ${step} as c${at}`;
      });
      const resumed = order
        .filter((at) => at < worded.length)
        .map((at) => {
          const { again } = courses[at]!;
          const step = again === null ? undefined : stepOf(at, again);
          return step === undefined ? `continue c${at}` : `continue c${at} until ${step}`;
        });
      const rest = worded.map((_, at) => `continue c${at}`);
      const late = last === null ? [] : [last.replace('vcpu N', 'vcpu 2')];
      return [...before, ...begun, ...resumed, ...late, ...rest, ...rest, ...rest].join('\n');
    });
}

/**
 * What upstream kernels never do, whatever the race. A WARN is not listed, because a TD ends with one if it accesses a
 * page before it accepts it; nor is a deadlock, because a scenario may leave a call suspended that holds a lock.
 */
const NEVER: ReadonlySet<string> = new Set(['STALE', 'BEYOND', 'LEAK', 'FREED', 'ZEROED', 'OOPS']);

/** Stale mappings, leaks and wrong zaps in a scenario, statement by statement. */
export function wrongIn(text: string): readonly string[] {
  return analyze(text).programs.flatMap((program) =>
    [...runScenario(program)].flatMap((one) => {
      const { lines, verdicts } = describe(one.statement, one.events, one);
      return verdicts.some((verdict) => NEVER.has(verdict))
        ? [`${one.statement.line}: ${lines.join(' · ')}`]
        : [];
    }),
  );
}
