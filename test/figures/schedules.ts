/** Schedules of scenarios, for the tests. */
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { drawSchedule, type Schedule } from '../../src/figures';
import type { DrawnSchedule, ScheduleOptions } from '../../src/figures/schedule/draw';
import { analyze } from '../../src/language';
import { examples } from './figures';

export function drawnOf(text: string, name = 'scenario.gmem', options: ScheduleOptions = {}): DrawnSchedule {
  const found = drawSchedule(analyze(text), name, options);
  if ('problem' in found) throw new Error(found.problem);
  return found;
}

export function scheduleOfExample(name: string, options: ScheduleOptions = {}): Schedule {
  const text = readFileSync(path.join(examples, name), 'utf8');
  return drawnOf(text, path.basename(name), options).schedule;
}

/** Schedules that show different things, with the names of their golden files. */
export const SCHEDULES: readonly (readonly [name: string, example: string, options: ScheduleOptions])[] = [
  ['retry-check-off', 'exploring/fault-and-hole.gmem', { title: 'without the check', witness: 1 }],
  ['livelock', 'exploring/prefault-and-delete-of-another-slot.gmem', { witness: 1 }],
  ['told', 'races/fault-and-hole.gmem', {}],
  ['blocked', 'races/notifier-and-new-slot.gmem', {}],
  ['three-tasks', 'exploring/two-invalidations.gmem', { witness: 1 }],
];
