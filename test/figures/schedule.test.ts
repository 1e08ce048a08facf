import { readFileSync } from 'node:fs';
import path from 'node:path';
import fc from 'fast-check';
import { globSync } from 'tinyglobby';
import { describe, expect, it } from 'vitest';
import { orderTo } from '../../src/explorer';
import { drawSchedule, type Schedule, scheduleAscii, scheduleSvg, tooWide } from '../../src/figures';
import { buildSchedule } from '../../src/figures/schedule/build';
import { scheduleGrid, switchStart } from '../../src/figures/schedule/grid';
import type { StepName } from '../../src/figures/schedule/schedule';
import { analyze, type Program } from '../../src/language';
import {
  behindRace,
  exploreRace,
  hasRace,
  numberedOrders,
  outcomesOf,
  type RaceProgram,
  raceSchedule,
  type ScheduleTrace,
  toldSchedules,
  verdictsOf,
} from '../../src/outcome';
import { races } from '../generators/races';
import { scenarios } from '../generators/scenarios';
import { snpScenarios } from '../generators/snp';
import { examples } from './figures';
import { drawnOf, SCHEDULES, scheduleOfExample } from './schedules';
import { parseXml } from './xml';

const FILES = globSync(['exploring/*.gmem', 'races/*.gmem'], { cwd: examples }).sort();

/** The steps of each task, folds unfolded. */
function unfolded({ rows }: Schedule): readonly (StepName & { readonly task: number })[] {
  return rows.flatMap((row) => {
    const { task } = row;
    if (row.kind === 'fold') return row.steps.map((step) => ({ task, ...step }));
    return row.kind === 'step' ? [{ task, procedure: row.procedure, label: row.label }] : [];
  });
}

function stepsOf({ entries }: ScheduleTrace): ReturnType<typeof unfolded> {
  return entries.flatMap((entry) => {
    if (entry.kind !== 'step') return [];
    const { task, procedure, label } = entry;
    return [{ task, procedure, label }];
  });
}

function explored(program: RaceProgram, without: readonly string[] = []) {
  const search = exploreRace(program, { maxStates: 20_000, without });
  let next = search.next();
  while (next.done !== true) next = search.next();
  return next.value;
}

/** No text is drawn over a bar. */
function expectUncovered(schedule: Schedule): void {
  for (const width of [60, 72, 91]) {
    const grid = scheduleGrid(schedule, width);
    const bars = grid.columns.flatMap((column) => column.bars).map(({ x }) => x);
    for (const { row, own } of grid.rows) {
      const longest = Math.max(...own.map(({ length }) => length));
      const column = grid.columns.find(({ task }) => task === row.task)!;
      const start = row.kind === 'switch' ? switchStart(grid, row.task, longest) : column.x;
      expect(bars.filter((x) => x >= start && x < start + longest)).toEqual([]);
    }
  }
}

/** What must hold of every schedule. */
function expectSound(trace: ScheduleTrace): void {
  const schedule = buildSchedule(trace, { facts: ['scenario.gmem'], shows: [] });
  expect(unfolded(schedule)).toEqual(stepsOf(trace));
  for (const [task, { locks }] of schedule.tasks.entries()) {
    for (const { from, to } of locks) {
      expect(schedule.rows[from]!.task).toBe(task);
      if (to !== null) expect(schedule.rows[to]!.task).toBe(task);
      if (to !== null) expect(to).toBeGreaterThanOrEqual(from);
    }
    const last = trace.entries.findLast((entry) => entry.kind === 'step' && entry.task === task);
    const held = last?.kind === 'step' ? last.held.map(({ text }) => text) : [];
    expect(locks.filter(({ to }) => to === null).map(({ lock }) => lock)).toEqual(held);
  }
  for (const [at, row] of schedule.rows.entries()) {
    const next = schedule.rows[at + 1];
    if (row.kind === 'switch' && row.to !== null) expect(next?.task).toBe(row.to);
  }
  if (tooWide(schedule) !== null) return;
  expectUncovered(schedule);
  for (const line of scheduleAscii(schedule).split('\n'))
    expect(line).toMatch(/^(?:[\x20-\x7e]{0,71}[\x21-\x7e])?$/);
  for (const width of [480, 700, 1200]) parseXml(scheduleSvg(schedule, { width }));
}

function tracesOf(text: string, program: Program): readonly ScheduleTrace[] {
  if (!hasRace(program)) return toldSchedules(text, program).map(({ trace }) => trace);
  const race = explored(program);
  if (!race.result.complete) return [];
  const behind = behindRace(race);
  const orders = numberedOrders(verdictsOf(race, behind), outcomesOf(text, race, behind));
  return orders.map(({ place }) => {
    const trace = raceSchedule(text, race, place);
    const order = orderTo(race.result, place);
    const steps = order.steps.map(({ task, procedure, label }) => ({ task, procedure, label }));
    // A call that never ends goes on until that shows.
    expect(stepsOf(trace).slice(0, steps.length)).toEqual(steps);
    if (order.endless.length === 0) expect(stepsOf(trace)).toHaveLength(steps.length);
    return trace;
  });
}

function expectAllSound(text: string): number {
  const traces = analyze(text).programs.flatMap((program) => tracesOf(text, program));
  for (const trace of traces) expectSound(trace);
  return traces.length;
}

describe('schedules', () => {
  it.each(SCHEDULES)('of %s', async (name, example, options) => {
    const schedule = scheduleOfExample(example, options);
    await expect(scheduleAscii(schedule)).toMatchFileSnapshot(`golden/schedule-${name}.txt`);
    await expect(scheduleSvg(schedule)).toMatchFileSnapshot(`golden/schedule-${name}.svg`);
  });

  it.each(FILES)('have every step of %s, balanced bars, and at most 72 columns', (name) => {
    expect(expectAllSound(readFileSync(path.join(examples, name), 'utf8'))).toBeGreaterThan(0);
  });

  it('have them for random races', () => {
    const check = (text: string) => void expectAllSound(text);
    fc.assert(fc.property(races('linux-7.3'), check), { numRuns: 10 });
  });

  it('have them for random scenarios in which calls are suspended', () => {
    const texts = fc.oneof(scenarios({ maxStatements: 20 }), snpScenarios({ maxStatements: 20 }));
    fc.assert(
      fc.property(texts, (text) => void expectAllSound(text)),
      { numRuns: 40 },
    );
  });

  it('are drawn the same each time', () => {
    const [, example, options] = SCHEDULES[0]!;
    const draw = () => scheduleSvg(scheduleOfExample(example, options));
    expect(draw()).toBe(draw());
  });
});

const SET_UP = `kernel linux-7.3
vm sw-protected vcpus 2
gmem A size 64K
slot 0 gpa 0x80000000 size 64K gmem A offset 0
convert gpa 0x80000000 size 64K private
`;

function race(count: number): string {
  const task = (at: number) => `  task t${at} { fault vcpu ${at} write gpa 0x80000000 }`;
  const tasks = Array.from({ length: count }, (_, at) => task(at));
  return `vm default vcpus ${count}\nslot 0 gpa 0x80000000 size 64K\nrace {\n${tasks.join('\n')}\n}\n`;
}

describe('the schedule that is drawn', () => {
  it('is the order that fails an expectation, or else the first outcome', () => {
    const text = readFileSync(path.join(examples, 'exploring/fault-and-hole.gmem'), 'utf8');
    const title = 'without the check';
    expect(drawnOf(text, 'a.gmem', { title }).order).toBe(2);
    const failing = text.replace('sometimes STALE', 'never STALE');
    const { order, schedule } = drawnOf(failing, 'a.gmem', { title });
    expect(order).toBe(1);
    expect(schedule.shows).toEqual(['Expected "never STALE", but in some order: STALE gfn 0x80000.']);
    expect(schedule.rows.some((row) => row.kind === 'step' && row.wrong)).toBe(true);
  });

  it('is, without a race, that of the calls that overlap, with a column for each that runs at the same time', () => {
    const text = `${SET_UP}fault vcpu 0 read gpa 0x80000000
fault vcpu 0 read gpa 0x80001000 until TP5 as early
punch A offset 8K size 4K until PH3 as hole
fault vcpu 1 read gpa 0x80003000
continue hole
allocate A offset 8K size 4K
continue early
fault vcpu 0 read gpa 0x80004000
`;
    const { schedule, line } = drawnOf(text);
    expect(schedule.tasks.map(({ name }) => name)).toEqual(['early', 'VMM', 'vCPU 1']);
    expect(line).toBe(7);
    expect(schedule.rows.flatMap((row) => (row.kind === 'call' ? [row.text] : []))).toEqual([
      'fault vcpu 0 read gpa 0x80001000',
      'punch A offset 8K size 4K',
      'fault vcpu 1 read gpa 0x80003000',
      'allocate A offset 8K size 4K',
    ]);
    const at = (step: number) => drawSchedule(analyze(text), 'a.gmem', { step });
    expect(at(7)).toMatchObject({ line: 7 });
    expect(at(5)).toMatchObject({ problem: expect.stringContaining('overlaps with no other') });
  });

  it('of calls that wait for each other says so', () => {
    const text = `${SET_UP}fault vcpu 0 read gpa 0x80000000 until TP6 as early
convert gpa 0x80000000 size 64K shared
delete slot 0 as deletion
continue early
`;
    const { rows } = drawnOf(text).schedule;
    const stops = rows.flatMap((row) => (row.kind === 'switch' ? [row.text] : []));
    expect(stops).toContain('before TP6');
    expect(stops.some((stop) => stop.startsWith('waits for'))).toBe(true);
  });

  it.each([
    ['vm default\nslot 0 gpa 0 size 4K\n', {}, 'no calls overlap: a schedule needs a `race`'],
    ['vm default\nslot 0 gpa 0 size 4K\n', { witness: 1 }, 'there is no `race`'],
    [race(2), { witness: 99 }, 'there is no order 99'],
  ])('is missing: %#', (text, options, problem) => {
    expect(drawSchedule(analyze(text), 'a.gmem', options)).toEqual({
      problem: expect.stringContaining(problem),
    });
  });

  it.each([
    [
      'fault-and-hole',
      'G8',
      'deadlock',
      'deadlock: vmm waits for the folio_lock of page 0x0 of A, held by vcpu0',
    ],
    ['fault-and-hole', 'folio_lock', 'error', 'G5: the simulated state is inconsistent: '],
    ['close-and-delete', 'UM3', 'violation', 'violation: locks are released: '],
    ['fault-and-hole', 'TI2', 'livelock', 'livelock: KVM would retry forever'],
  ])('of %s on a kernel without %s ends with what is wrong: %s', (name, without, what, text) => {
    const whole = readFileSync(path.join(examples, `exploring/${name}.gmem`), 'utf8');
    const [program] = analyze(whole).programs;
    if (!hasRace(program)) throw new Error('there is no race');
    const race = explored(program, [without]);
    const found = race.result.found.find((one) => one.what === what)!;
    const { entries } = raceSchedule(whole, race, found);
    const wrong = entries.flatMap((entry) => (entry.kind === 'stop' && entry.wrong ? [entry.text] : []));
    expect(wrong.some((one) => one.startsWith(text))).toBe(true);
  });

  it('has at most four tasks, except as data', () => {
    const four = drawnOf(race(4)).schedule;
    expect(tooWide(four)).toBeNull();
    expect(
      scheduleAscii(four)
        .split('\n')
        .every(({ length }) => length <= 72),
    ).toBe(true);
    const trace: ScheduleTrace = { tasks: ['a', 'b', 'c', 'd', 'e'], entries: [] };
    const five = buildSchedule(trace, { facts: [], shows: [] });
    expect(tooWide(five)).toContain('5 tasks');
  });
});
