/** Searching every order: N×M is N faults on each of two vCPUs against M holes, on two pages. */
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { analyze, finish } from '../../src/language';
import {
  describedRace,
  type ExploredRace,
  exploreRace,
  exploreWithout,
  hasRace,
  type RaceProgram,
  reachedLocks,
  reachedSteps,
} from '../../src/outcome';
import { projectRoot } from '../../workbench/paths';
import { measure, printTargets, printWaits, type Task } from './measure';

const PAGES = [0, 4];

function above(knobs: string): string {
  return `kernel linux-7.3${knobs}
vm sw-protected vcpus 2
gmem A size 64K
slot 0 gpa 0x80000000 size 64K gmem A offset 0
convert gpa 0x80000000 size 64K private
`;
}

const fault = (vcpu: number, page: number) => `fault vcpu ${vcpu} write gpa 0x8000${page}000`;
const hole = (page: number) => `punch A offset ${page * 4}K size 4K`;

function raceOf(faults: number, holes: number, knobs = ''): string {
  const calls = (count: number, of: (page: number) => string) =>
    Array.from({ length: count }, (_, at) => of(PAGES[at % PAGES.length]!)).join('\n');
  const tasks = [
    calls(faults, (page) => fault(0, page)),
    calls(faults, (page) => fault(1, page)),
    calls(holes, hole),
  ];
  return `${above(knobs)}race {\n${tasks.map((body, at) => `task t${at} {\n${body}\n}\n`).join('')}}\n`;
}

/** Tasks without an end: the search ends because their states come again. */
const ENDLESS = `${above('')}slot 1 gpa 0x90000000 size 8K
race {
task vcpu0 repeats {
${fault(0, 0)}
}
task vmm repeats {
delete slot 1
slot 1 gpa 0x90000000 size 8K
}
}
`;

function racesIn(text: string): readonly RaceProgram[] {
  return analyze(text).programs.filter((program) => hasRace(program));
}

function programsOf(folder: string): readonly RaceProgram[] {
  return readdirSync(folder).flatMap((file) => racesIn(readFileSync(path.join(folder, file), 'utf8')));
}

function explore(text: string): ExploredRace {
  const [program] = racesIn(text);
  if (program === undefined) throw new Error('the race of the benchmark has an error');
  return finish(exploreRace(program));
}

function sizes({ result: { states, transitions, steps } }: ExploredRace): string {
  return `${states} states, ${transitions} moves, ${steps.width * 4} bytes a state`;
}

/** Milliseconds of the search without each of the steps and locks of a fault and a hole. */
function mutantTimes(): readonly number[] {
  const text = raceOf(1, 1);
  const whole = explore(text);
  const described = describedRace(text, whole);
  const parts = [...reachedSteps(whole).map(({ label }) => label), ...reachedLocks(whole)];
  const times = parts.map((left) => {
    const since = performance.now();
    finish(exploreWithout(text, described, left, { maxStates: 50_000 }));
    return performance.now() - since;
  });
  return times.toSorted((a, b) => a - b);
}

export async function benchExplorer(): Promise<void> {
  const examples = programsOf(path.join(projectRoot, 'examples', 'exploring'));
  const races: readonly (readonly [string, string, number | undefined])[] = [
    ['1×1', raceOf(1, 1), 100],
    ['2×2', raceOf(2, 2), 400],
    ['3×3', raceOf(3, 3), 1500],
    ['3×3, retry-check off', raceOf(3, 3, ' with retry-check off'), undefined],
    ['a fault and a slot that comes and goes, again and again', ENDLESS, undefined],
  ];
  const tasks = races.map(
    ([name, text, target]): Task => ({
      name: `${name}: ${sizes(explore(text))}`,
      run: () => explore(text),
      ...(target === undefined ? {} : { target }),
    }),
  );
  const all: Task = {
    name: `all ${examples.length} races of examples/exploring`,
    run: () => {
      for (const program of examples) finish(exploreRace(program));
    },
  };
  printWaits('Every order (N×M: N faults on each of two vCPUs, M holes)', await measure([...tasks, all]));
  const times = mutantTimes();
  printTargets('Every order of 1×1 without a step', [
    { name: 'median', value: times[Math.floor(times.length / 2)] ?? 0, unit: 'ms', target: 100 },
    { name: 'slowest', value: times.at(-1) ?? 0, unit: 'ms', target: null },
  ]);
}
