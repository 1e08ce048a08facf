/** An order of a race as a schedule: its steps run again, one after the other. */
import { type OrderedStep, orderTo, type Place } from '../../explorer';
import {
  advance,
  elementAt,
  isOver,
  must,
  nextStep,
  resume,
  type State,
  startCall,
  stepTask,
  type Task,
  taskOf,
  violations,
} from '../../simulator';
import { callName, type ExploredRace } from '../races/explore';
import { suspensionPhrase } from '../text/suspension';
import { sourceLine } from '../text/transcript';
import type { ScheduleEntry, ScheduleTrace } from './schedule';
import { livelockStop, type RunningCall, scheduleStep } from './step';

/** Steps after which a call that loops is given up. */
const MOST_STEPS = 100_000;

class Replay {
  readonly entries: ScheduleEntry[] = [];
  private state: State;
  private readonly running = new Map<number, RunningCall>();
  /** The number of calls of each task that have begun. */
  private readonly begun: number[];

  constructor(
    private readonly text: string,
    private readonly explored: ExploredRace,
  ) {
    const { start, tasks } = explored.result.steps.race;
    this.state = start;
    this.begun = tasks.map(() => 0);
  }

  isRunning(task: number): boolean {
    return this.running.has(task);
  }

  /** Begins the next call of a task, if none is running. */
  begin(task: number): boolean {
    if (this.running.has(task)) return true;
    const { program, result, vmId } = this.explored;
    const { calls, repeats } = elementAt(result.steps.race.tasks, task);
    const count = this.begun[task] ?? 0;
    if (count >= calls.length && !repeats) return false;
    const at = count % calls.length;
    const { call } = elementAt(calls, at);
    const own = elementAt(program.race.tasks, task);
    const statement = elementAt(program.statements, own.start + at);
    this.begun[task] = count + 1;
    this.running.set(task, { task, call, begun: this.state });
    this.entries.push({ kind: 'call', task, text: sourceLine(this.text, statement) });
    this.state = startCall(this.state, vmId, call, callName(own, at), task, true);
    return true;
  }

  step({ task }: OrderedStep): void {
    this.begin(task);
    const before = this.state;
    let done: ReturnType<typeof stepTask>;
    try {
      done = stepTask(before, task);
    } catch (error) {
      this.fail(task, error instanceof Error ? error.message : String(error));
      return;
    }
    if (done.blocked !== null)
      throw new Error(`${done.at.label} of the order cannot run: the call is blocked`);
    this.add(task, before, done.state, done.events);
  }

  /** The simulator found the state inconsistent: the task goes no further, as in the search. */
  private fail(task: number, message: string): void {
    const { label } = nextStep(this.state, taskOf(this.state, task));
    const text = `${label}: the simulated state is inconsistent: ${message}`;
    this.entries.push({ kind: 'stop', task, text, wrong: true });
    this.state = { ...this.state, tasks: this.state.tasks.filter(({ id }) => id !== task) };
    this.running.delete(task);
    this.begun[task] = Number.POSITIVE_INFINITY;
  }

  private add(
    task: number,
    before: State,
    after: State,
    events: Parameters<typeof scheduleStep>[1]['events'],
  ): void {
    const running = must(this.running.get(task), 'running call');
    this.entries.push(scheduleStep(running, { task: taskOf(before, task), before, after, events }));
    this.state = after;
    if (!after.tasks.some(({ id }) => id === task)) this.running.delete(task);
  }

  /** Why the running call of a task stops: it waits, or another task is next. */
  stop(task: number, ends: boolean): void {
    const own = taskOf(this.state, task);
    const { at, blocked } = stepTask(this.state, task);
    const entry = { kind: 'stop', task } as const;
    if (blocked === null) {
      this.entries.push({ ...entry, text: `before ${at.label}`, wrong: false });
      return;
    }
    // A task may have returned with the lock held.
    const titleOf = (id: number) =>
      this.state.tasks.find((other) => other.id === id)?.title ??
      elementAt(this.explored.program.race.tasks, id).name;
    const holders = blocked.holders.map(titleOf);
    const waiting = { type: 'suspended', why: 'blocked', lock: blocked.lock, holders } as const;
    const text = suspensionPhrase(waiting, this.state);
    this.entries.push({ ...entry, text: ends ? `deadlock: ${own.title} ${text}` : text, wrong: ends });
  }

  /** What is wrong in the state, if all calls have returned. @param task The last that ran. */
  end(task: number): void {
    if (this.running.size > 0) return;
    for (const { rule, detail, stale } of violations(this.state)) {
      // A stale mapping is shown at the step that left it.
      if (!stale)
        this.entries.push({ kind: 'stop', task, text: `violation: ${rule}: ${detail}`, wrong: true });
    }
  }

  /** Runs a call that loops until that shows. The others are blocked, or loop as well. */
  loop(task: number): void {
    if (!this.begin(task)) return;
    const waiting = this.state.tasks.map((other): Task => ({ ...other, suspended: 'blocked' }));
    let run = resume({ ...this.state, tasks: waiting }, task);
    for (let count = 0; count < MOST_STEPS && !isOver(run); count++) {
      const { state: before, steps } = run;
      const { run: next, events } = advance(run);
      if (next.steps > steps) this.add(task, before, next.state, events);
      run = next;
      const stop = livelockStop(task, events);
      if (stop === null) continue;
      this.entries.push(stop);
      return;
    }
    this.entries.push({ kind: 'stop', task, text: 'livelock: the call never returns', wrong: true });
  }
}

/** The schedule of the order that leads to a place. @param text The text from which the program was compiled. */
export function raceSchedule(text: string, explored: ExploredRace, place: Place): ScheduleTrace {
  const { steps, endless } = orderTo(explored.result, place);
  const replay = new Replay(text, explored);
  let last: number | null = null;
  const turnTo = (task: number) => {
    if (last !== null && last !== task && replay.isRunning(last)) replay.stop(last, false);
    last = task;
  };
  for (const step of steps) {
    turnTo(step.task);
    replay.step(step);
  }
  const endlessTask = endless[0]?.task;
  if (endlessTask !== undefined) {
    turnTo(endlessTask);
    replay.loop(endlessTask);
  } else {
    for (const [task, { repeats }] of explored.program.race.tasks.entries()) {
      if (!replay.isRunning(task) && (repeats || !replay.begin(task))) continue;
      replay.stop(task, true);
    }
    replay.end(last ?? 0);
  }
  return { tasks: explored.program.race.tasks.map(({ name }) => name), entries: replay.entries };
}
