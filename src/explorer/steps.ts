/**
 * Steps of tasks on rows. A row has a number for each part of the state and for each task. A step is run once for each
 * combination of the parts that it reads; after that the search looks up what it changes.
 */
import { kernelOf, type State } from '../simulator';
import { isWhole, withoutCounts, withStaleSnapshots } from './canonical';
import { stateOf } from './columns';
import { Counters } from './counters';
import { Footprints } from './footprints';
import { FrameNames } from './frame-names';
import { LiveLocals } from './live-locals';
import { lookUp, remember } from './memo';
import { NOTHING } from './outcome';
import { Parts } from './parts';
import { type Race, runningTask, vcpuOf } from './race';
import { Runner } from './runner';
import type { Blocked, Step } from './step';
import type { Progress } from './tasks';

/** What a search wants to know of the calls. */
export interface StepOptions {
  /** Whether it matters to an outcome that a call has retried. */
  readonly retries: boolean;
}

/**
 * Different steps, and characters of the contents of parts, after which a search ends unfinished. A race with an end needs
 * some thousands of steps, and some millions of characters.
 */
const MOST_RAN = 300_000;
const MOST_SIZE = 200_000_000;

export class Steps {
  readonly footprints = new Footprints();
  readonly locals = new LiveLocals();
  readonly parts: Parts;
  /** Length of a row. */
  readonly width: number;
  /** Number of steps that were run, not looked up. */
  ran = 0;
  private readonly runner: Runner;
  private readonly names: FrameNames;
  private readonly counters: Counters;

  constructor(
    readonly race: Race,
    options: StepOptions,
  ) {
    this.parts = new Parts(race, this.locals, this.footprints);
    this.width = this.parts.width;
    this.names = new FrameNames(this.parts);
    this.counters = new Counters(this.parts);
    this.runner = new Runner(this.parts, this.counters, this.names.areUsed, options.retries);
  }

  /** The steps that ran in some order. */
  reached(): readonly { readonly procedure: string; readonly label: string }[] {
    return [...this.runner.reached.values()];
  }

  /** Begins anew with what is known of the locals: steps that were looked up so far have too many or too few of them. */
  forget(): void {
    this.locals.solve();
    this.parts.forgetTasks();
    this.names.forgetTasks();
  }

  /** Whether more is known than a race with an end needs: its states never come again, and each costs memory. */
  get isFull(): boolean {
    return this.ran > MOST_RAN || this.parts.meter.size > MOST_SIZE;
  }

  /** The row before the first step. */
  start(): Int32Array {
    const { start } = this.race;
    const row = this.parts.rowOf(this.names.prepared(withoutCounts(start, isWhole(start))));
    const begin = { call: 0, stack: null, outcome: NOTHING, returned: [] };
    for (const task of this.race.tasks.keys())
      row[this.parts.taskColumn(task)] = this.parts.taskId(task, begin);
    this.counters.settle(row);
    return row;
  }

  isDone(row: Int32Array, task: number): boolean {
    return this.parts.task(row, task).isDone;
  }

  progress(row: Int32Array, task: number): Progress {
    return this.parts.task(row, task).progress;
  }

  /** The label of the step that the running call of a task runs next; null if no call has begun. */
  label(row: Int32Array, task: number): string | null {
    const frame = this.progress(row, task).stack?.at(-1);
    if (frame === undefined) return null;
    return kernelOf(this.race.start.setup).procedure(frame.procedure).steps[frame.step]?.label ?? null;
  }

  /** Identifies the place of a task to `footprints`. */
  path(row: Int32Array, task: number): number {
    return this.parts.task(row, task).path;
  }

  /** The state of a row, with the running calls. */
  state(row: Int32Array): State {
    const { parts, race } = this;
    const state = stateOf(parts.layout, (column) => parts.value(column, row[column] as number));
    const tasks = [...race.tasks.keys()].flatMap((task) => {
      const { call, stack } = this.progress(row, task);
      return stack === null ? [] : [runningTask(race, task, call, stack)];
    });
    return { ...state, tasks };
  }

  /** The step that a task runs next, or the lock that it waits for; null if it has made all its calls. */
  next(row: Int32Array, task: number): Step | Blocked | null {
    const known = this.parts.task(row, task);
    if (known.isOver) return null;
    if (this.parts.sharedVcpus.size > 0 && known.progress.stack === null) {
      const busy = this.busyVcpu(row, task, known.progress);
      if (busy !== null) return busy;
    }
    return lookUp(known.memo, row) ?? this.run(row, task);
  }

  private run(row: Int32Array, task: number): Step | Blocked {
    this.ran++;
    const { result, reads } = this.runner.run(row, task);
    const known = this.parts.task(row, task);
    if (!this.locals.isWrong) known.memo = remember(known.memo, row, reads, result);
    return result;
  }

  /** Applies a step to a row. */
  apply(row: Int32Array, { changes, ended, allocates, recounts }: Step): void {
    for (let at = 0; at < changes.length; at += 2) row[changes[at] as number] = changes[at + 1] as number;
    for (const vm of ended) this.makeStale(row, vm);
    if (allocates) this.names.name(row);
    if (recounts) this.counters.settle(row);
  }

  /** Brings a row into the form that all rows have of states that no later step can tell apart. */
  settle(row: Int32Array): void {
    this.names.settle(row);
  }

  /** vcpu->mutex: a call of a vCPU waits until another task's call of the vCPU has returned (kvm_vcpu_ioctl). */
  private busyVcpu(row: Int32Array, task: number, { call }: Progress): Blocked | null {
    const { race, parts } = this;
    const vcpu = vcpuOf(race, task, call);
    if (vcpu === null || !parts.sharedVcpus.has(vcpu)) return null;
    for (const other of race.tasks.keys()) {
      const { stack, call: running } = this.progress(row, other);
      if (other === task || stack === null || vcpuOf(race, other, running) !== vcpu) continue;
      return { kind: 'blocked', lock: { kind: 'vcpu', vm: race.vmId, vcpu } };
    }
    return null;
  }

  /** An invalidation of a VM has ended: what calls remember of its count is stale. */
  private makeStale(row: Int32Array, vm: number): void {
    const { parts, race } = this;
    for (const task of race.tasks.keys()) {
      const column = parts.taskColumn(task);
      const id = row[column] as number;
      row[column] = parts.changed(column, id, `stale ${vm}`, (stack) => withStaleSnapshots(stack, vm));
    }
  }
}
