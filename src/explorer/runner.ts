/** Runs the next step of a task in the state of a row, and observes what the step reads and changes. */
import {
  type GmemFile,
  kernelOf,
  lastOf,
  type State,
  type Step as StepSpec,
  startCall,
  stepTask,
  type Task,
  type VmState,
} from '../simulator';
import { invalidation, isWhole, lockHolders } from './canonical';
import { columnOf, columnsOf, partsOf, stateOf } from './columns';
import type { Counters } from './counters';
import type { Footprint, LockedIn } from './footprints';
import { FRESH } from './frames';
import { contentOf } from './interned';
import { Observed } from './observed';
import { extended, NOTHING } from './outcome';
import type { Parts } from './parts';
import { callAt, runningTask, taskAt, vcpuOf } from './race';
import type { Blocked, Step } from './step';
import type { Progress } from './tasks';

type Done = ReturnType<typeof stepTask>;

/** A row, and the progress in it of the task that runs. */
interface Point {
  readonly row: Int32Array;
  readonly progress: Progress;
}

/** What the parts of a row become after a step. */
interface Changes {
  readonly row: Int32Array;
  /** The columns that the step writes. */
  readonly columns: readonly number[];
  readonly ended: readonly number[];
  readonly allocates: boolean;
}

export interface Observation {
  readonly result: Step | Blocked;
  /** The columns that the step read, in the order of the first reads. */
  readonly reads: readonly number[];
}

export class Runner {
  /** The procedures and labels of the steps that ran. */
  readonly reached = new Map<string, { readonly procedure: string; readonly label: string }>();
  private readonly observed: Observed;
  private readonly locks: number;
  private readonly isWhole: boolean;
  private readonly references: readonly number[];
  private readonly next: number;
  private readonly mmus: ReadonlyMap<number, number>;

  /** @param withNames Frames are allocated without a name: see `FrameNames`. */
  constructor(
    private readonly parts: Parts,
    private readonly counters: Counters,
    private readonly withNames: boolean,
    private readonly retries: boolean,
  ) {
    const { layout, race } = parts;
    this.observed = new Observed(layout.columns.length);
    this.locks = columnOf(layout, 'locks');
    this.isWhole = isWhole(race.start);
    this.references = columnsOf(layout, ['references']);
    this.next = columnOf(layout, 'next');
    this.mmus = new Map(layout.start.vms.map(({ id }) => [columnOf(layout, 'mmu', id), id]));
  }

  run(row: Int32Array, task: number): Observation {
    const { parts } = this;
    const { race, locals } = parts;
    const { progress } = parts.task(row, task);
    const running = this.begun(row, task, progress);
    const frame = lastOf(running.task.stack);
    const spec = kernelOf(race.start.setup).procedure(frame.procedure).steps[frame.step];
    const at = { procedure: frame.procedure, label: spec?.label ?? '' };
    this.reached.set(`${at.procedure} ${at.label}`, at);
    const from = { row, progress };
    try {
      const done = stepTask(running.state, task, (own) => locals.observe(own));
      const result =
        done.blocked !== null ? this.blocked(done.blocked) : this.step(task, from, running.task, done, spec);
      return { result, reads: [...this.observed.reads] };
    } catch (error) {
      const text = error instanceof Error ? error.message : String(error);
      return { result: { ...this.failed(task, from, text), ...at }, reads: [...this.observed.reads] };
    }
  }

  /** The state in which looking into a part is observed, and the task whose call has begun in it. */
  private begun(
    row: Int32Array,
    task: number,
    { call, stack }: Progress,
  ): { readonly state: State; readonly task: Task } {
    const { observed } = this;
    const { parts } = this;
    const { race } = parts;
    const state = stateOf(parts.layout, (column) => {
      const id = row[column] as number;
      return observed.part(column, id, parts.value(column, id));
    });
    observed.reads.length = 0;
    if (stack !== null) {
      const running = runningTask(race, task, call, stack);
      return { state: Object.assign(state, { tasks: [running] }), task: running };
    }
    const { call: request, title } = callAt(race, task, call);
    const begun = startCall(state, race.vmId, request, title, task, true);
    return { state: begun, task: lastOf(begun.tasks) };
  }

  private blocked({ lock }: Pick<Blocked, 'lock'>): Blocked {
    this.parts.locals.learn(null);
    return { kind: 'blocked', lock };
  }

  private step(
    task: number,
    from: Point,
    running: Task,
    done: Done,
    spec: StepSpec<object> | undefined,
  ): Step {
    const { parts } = this;
    const { locals } = parts;
    const after = done.state.tasks.find(({ id }) => id === task);
    locals.learn(stepInSameFrame(running, after), after?.stack[running.stack.length]?.into);
    const { row, columns: changes, ended, allocates } = this.changes(from.row, done.state);
    const outcome = extended(from.progress.outcome, done.events, this.retries);
    const progress = this.progressAfter(task, from.progress, after, outcome);
    const to = { row, progress };
    const visible = changes.some((column) => this.isVisible(column, from.row, row));
    const waits = spec?.blocked !== undefined || (spec?.takes !== undefined && spec.drops !== undefined);
    const footprint = this.footprint(task, from, to, changes, { visible, waits });
    return {
      kind: 'step',
      ...done.at,
      changes: this.pairs(task, changes, to, footprint, from),
      ...{ footprint, ended, allocates, visible },
      recounts: this.counters.namesChange(from, to),
      events: done.events,
      returns: after === undefined ? { call: from.progress.call, outcome } : null,
      error: null,
    };
  }

  /** The simulator found the state inconsistent: the task goes no further. */
  private failed(task: number, from: Point, error: string): Omit<Step, 'procedure' | 'label'> {
    this.parts.locals.learn(null);
    const { calls } = taskAt(this.parts.race, task);
    const progress = { call: calls.length, stack: null, outcome: NOTHING, returned: [] };
    const to = { row: from.row, progress };
    const footprint = this.footprint(task, from, to, [], { visible: false, waits: false });
    return {
      kind: 'step',
      changes: this.pairs(task, [], to, footprint, from),
      ...{
        footprint,
        ended: [],
        allocates: false,
        recounts: true,
        visible: false,
        events: [],
        returns: null,
        error,
      },
    };
  }

  /** The changes as pairs of columns and numbers, including that of the task; learns where the step leads. */
  private pairs(
    task: number,
    columns: readonly number[],
    { row, progress }: Point,
    footprint: number,
    from: Point,
  ): Int32Array {
    const { parts } = this;
    const id = parts.taskId(task, progress);
    const after = Int32Array.from(row);
    after[parts.taskColumn(task)] = id;
    parts.footprints.learn(parts.task(from.row, task).path, footprint, parts.task(after, task).path);
    const pairs = columns.flatMap((column) => [column, row[column] as number]);
    return Int32Array.from([...pairs, parts.taskColumn(task), id]);
  }

  private changes(before: Int32Array, state: State): Changes {
    const { parts } = this;
    const row = Int32Array.from(before);
    const columns: number[] = [];
    const ended: number[] = [];
    let allocates = false;
    for (const [column, part] of partsOf(parts.layout, state).entries()) {
      const own = this.observed.original(part);
      const was = parts.value(column, before[column] as number);
      if (own === was) continue;
      const vm = this.mmus.get(column);
      if (vm !== undefined && (own as VmState['mmu']).seq !== (was as VmState['mmu']).seq) ended.push(vm);
      if (column === this.next && this.withNames) allocates = (own as State['next']).frame !== FRESH;
      row[column] = parts.id(column, this.canonical(column, own));
      // A part that the step replaces without reading it may be the same here, and another one in other rows.
      if (row[column] !== before[column] || !this.observed.reads.includes(column)) columns.push(column);
    }
    return { row, columns, ended, allocates };
  }

  private canonical(column: number, part: unknown): unknown {
    if (column === this.locks) return lockHolders(part as State['locks']);
    if (column === this.next && this.withNames) return { ...(part as State['next']), frame: FRESH };
    return this.mmus.has(column) ? invalidation(part as VmState['mmu'], this.isWhole) : part;
  }

  /** Whether a change decides whether a page that is gone is mapped: of roots, only leaves do. */
  private isVisible(column: number, before: Int32Array, after: Int32Array): boolean {
    const { parts } = this;
    if (!parts.visible.includes(column)) return false;
    if (parts.layout.columns[column]?.name !== 'roots') return true;
    const leavesIn = (row: Int32Array) =>
      (parts.value(column, row[column] as number) as VmState['roots']).flatMap((root) =>
        root.invalid ? [] : [root.leaves],
      );
    const now = leavesIn(after);
    const then = leavesIn(before);
    return now.length !== then.length || now.some((leaves, at) => leaves !== then[at]);
  }

  /** The progress of a task after a step of its call. */
  private progressAfter(
    task: number,
    before: Progress,
    after: Task | undefined,
    outcome: Progress['outcome'],
  ): Progress {
    if (after !== undefined) return { ...before, stack: after.stack, outcome };
    const { calls, repeats } = taskAt(this.parts.race, task);
    const call = before.call + 1;
    // The next round has outcomes of its own.
    return repeats && call === calls.length
      ? { call: 0, stack: null, outcome: NOTHING, returned: [] }
      : { call, stack: null, outcome: NOTHING, returned: [...before.returned, outcome] };
  }

  private footprint(
    task: number,
    from: Point,
    to: Point,
    changed: readonly number[],
    { visible, waits }: Pick<Footprint, 'visible' | 'waits'>,
  ): number {
    const held = this.held(task, from);
    const then = this.held(task, to);
    const counts = changed.filter((column) => this.isCounted(column, from.row, to.row));
    const others = (columns: readonly number[]) =>
      columns.filter((column) => column !== this.locks && !counts.includes(column));
    return this.parts.footprints.id({
      reads: others(this.observed.reads),
      writes: others(changed),
      ...{ counts, visible, waits, held },
      takes: then.filter(({ lock }) => !held.some((one) => one.lock === lock)),
    });
  }

  /** Whether a count of references changes between two numbers above 0. */
  private isCounted(column: number, before: Int32Array, after: Int32Array): boolean {
    if (!this.references.includes(column)) return false;
    const countIn = (row: Int32Array) =>
      (this.parts.value(column, row[column] as number) as GmemFile['references']).count;
    return countIn(before) > 0 && countIn(after) > 0;
  }

  /** The locks that a task holds. vcpu->mutex is among them if other tasks need it. */
  private held(task: number, { row, progress: { call, stack } }: Point): readonly LockedIn[] {
    const { parts } = this;
    const { race } = parts;
    const locks = parts.value(this.locks, row[this.locks] as number) as State['locks'];
    const own = locks
      .filter((held) => held.task === task)
      .map(({ lock, mode }): LockedIn => ({ lock: contentOf(lock), mode }));
    const vcpu = stack === null ? null : vcpuOf(race, task, call);
    const busy = vcpu !== null && parts.sharedVcpus.has(vcpu);
    return busy ? [...own, { lock: `vcpu ${vcpu}`, mode: 'write' }] : own;
  }
}

/** The step that the frame of the step is at then, if it is still there; null if it has returned. */
function stepInSameFrame(before: Task, after: Task | undefined): number | null {
  const frame = after?.stack[before.stack.length - 1];
  return frame?.procedure === lastOf(before.stack).procedure ? frame.step : null;
}
