/** The schedules of a scenario without a race: calls that are suspended while others run. */
import type { Program } from '../../language';
import {
  eventsBetween,
  firstMoment,
  initialState,
  isEnd,
  must,
  nextMoment,
  type State,
  type SuspendedEvent,
  stateOf,
  taskOf,
} from '../../simulator';
import type { ScenarioMoment } from '../run';
import { suspensionOf, suspensionPhrase } from '../text/suspension';
import { sourceLine } from '../text/transcript';
import type { ScheduleEntry, ScheduleStop, ScheduleTrace } from './schedule';
import { livelockStop, type RunningCall, scheduleStep } from './step';

/** Calls of a scenario that overlap, directly or through others. */
export interface ToldSchedule {
  readonly trace: ScheduleTrace;
  /** Indices of the first and the last of their statements in the program; inclusive. */
  readonly first: number;
  readonly last: number;
  /** The state before the first, and its VM. */
  readonly start: State;
  readonly vmId: number;
}

/** A task of a schedule, to which calls are given. */
interface Thread {
  /** A vCPU, or null for a thread of the VMM. */
  readonly vcpu: number | null;
  readonly calls: { readonly name: string | null }[];
  busy: boolean;
}

/** The name of the only call that a task makes; null if it has none, or if there are several calls. */
function onlyName({ calls: [only, another] }: Thread): string | null {
  return another === undefined ? (only?.name ?? null) : null;
}

/** The names of the tasks: of its call if it makes only one, and that has a name. */
function namesOf(threads: readonly Thread[]): readonly string[] {
  const ofVmm = threads.filter((thread) => thread.vcpu === null && onlyName(thread) === null);
  return threads.map((thread) => {
    const name = onlyName(thread);
    if (name !== null) return name;
    if (thread.vcpu !== null) return `vCPU ${thread.vcpu}`;
    const number = ofVmm.indexOf(thread) + 1;
    return number === 1 ? 'VMM' : `VMM ${number}`;
  });
}

/** The event with other titles for calls. */
function retitled(event: SuspendedEvent, titleOf: (title: string) => string): SuspendedEvent {
  switch (event.why) {
    case 'blocked':
      return { ...event, holders: event.holders.map(titleOf) };
    case 'retries':
      return { ...event, others: event.others.map(titleOf) };
    case 'deadlock': {
      const [first, ...others] = event.cycle;
      const title = <C extends { readonly title: string }>(call: C) => ({
        ...call,
        title: titleOf(call.title),
      });
      return { ...event, cycle: [title(first), ...others.map(title)] };
    }
    default:
      return event;
  }
}

function stopText(suspended: SuspendedEvent, state: State): string {
  return suspended.why === 'suspended' ? `before ${suspended.step}` : suspensionPhrase(suspended, state);
}

/** A call is suspended; how the entry names other calls is known when all tasks have their names. */
interface Suspension {
  readonly kind: 'suspension';
  readonly task: number;
  readonly event: SuspendedEvent;
  readonly state: State;
}

class Recorder {
  readonly found: ToldSchedule[] = [];
  private threads: Thread[] = [];
  private entries: (ScheduleEntry | Suspension)[] = [];
  /** The threads of calls without a name, by the titles of the calls. */
  private unnamed = new Map<string, number>();
  private first = 0;
  private start: Pick<ToldSchedule, 'start' | 'vmId'> | null = null;
  private last = 0;
  /** By the simulator's number of their task. */
  private readonly running = new Map<number, RunningCall>();

  constructor(
    private readonly text: string,
    private readonly statements: Program['statements'],
  ) {}

  /** Records what happens between two moments. */
  add(from: ScenarioMoment, to: ScenarioMoment): void {
    if (this.running.size === 0) this.start = { start: from.before, vmId: from.vmId };
    if (from.run === null && to.run !== null) this.begin(to, to.run.task);
    if (from.phase !== 'running' || from.run === null || to.run === null) return;
    const { task, state: before } = from.run;
    const running = this.running.get(task);
    if (running === undefined) return;
    const events = eventsBetween(from, to);
    const { state: after, steps, suspended } = to.run;
    if (steps > from.run.steps) {
      this.entries.push(scheduleStep(running, { task: taskOf(before, task), before, after, events }));
    }
    const livelock = livelockStop(running.task, events);
    if (livelock !== null) this.entries.push(livelock);
    const event = suspensionOf(events);
    if (suspended !== null && event !== null) {
      this.entries.push({ kind: 'suspension', task: running.task, event, state: stateOf(to) });
    }
    if (after.tasks.some(({ id }) => id === task)) return;
    this.running.delete(task);
    must(this.threads[running.task], 'thread').busy = false;
    if (this.running.size === 0) this.end();
  }

  private begin({ statement, run, scheduled }: ScenarioMoment, task: number): void {
    if (scheduled === null || run === null || task < 0) return;
    this.last = statement;
    if (scheduled.course.continues) return;
    if (this.running.size === 0) this.first = statement;
    const { call, course } = scheduled;
    const vcpu = 'vcpu' in call ? call.vcpu : null;
    let thread = this.threads.find((one) => !one.busy && one.vcpu === vcpu);
    if (thread === undefined) {
      thread = { vcpu, calls: [], busy: false };
      this.threads.push(thread);
    }
    thread.busy = true;
    thread.calls.push({ name: course.named ? course.title : null });
    const at = this.threads.indexOf(thread);
    if (!course.named) this.unnamed.set(course.title, at);
    this.running.set(task, { task: at, call, begun: run.state });
    const source = sourceLine(this.text, must(this.statements[statement], 'statement'));
    const text = source.replace(/ (?:until|as) \S+/g, '');
    this.entries.push({ kind: 'call', task: at, text });
  }

  /** No call is running: if several overlapped, they were a schedule. */
  end(): void {
    const { threads, first, last, start } = this;
    if (threads.length > 1 && start !== null) {
      const tasks = namesOf(threads);
      const entries = this.entries.map((entry) =>
        entry.kind === 'suspension' ? this.stop(entry, tasks) : entry,
      );
      this.found.push({ trace: { tasks, entries }, first, last, ...start });
    }
    this.threads = [];
    this.entries = [];
    this.unnamed = new Map();
  }

  /** The entry of a suspension, which names calls without a name by their tasks. */
  private stop({ task, event, state }: Suspension, tasks: readonly string[]): ScheduleStop {
    const titleOf = (title: string) => tasks[this.unnamed.get(title) ?? -1] ?? title;
    const text = stopText(retitled(event, titleOf), state);
    return { kind: 'stop', task, text, wrong: event.why === 'deadlock' };
  }
}

/** The schedules of a scenario, in their order. @param text The text from which the program was compiled. */
export function toldSchedules(text: string, { setup, statements }: Program): readonly ToldSchedule[] {
  const recorder = new Recorder(text, statements);
  let moment: ScenarioMoment = firstMoment(initialState(setup));
  while (statements.length > 0 && !isEnd(statements, moment)) {
    const next = nextMoment(statements, moment);
    recorder.add(moment, next);
    moment = next;
  }
  recorder.end();
  return recorder.found;
}
