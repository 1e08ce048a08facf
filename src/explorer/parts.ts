/** The parts of states and tasks that the numbers of a row stand for. */
import type { State, Task } from '../simulator';
import { columnsOf, type Layout, layoutOf, partsOf } from './columns';
import type { Footprints } from './footprints';
import { Interned } from './interned';
import type { LiveLocals } from './live-locals';
import type { Memo } from './memo';
import { type Race, sharedVcpus, taskAt } from './race';
import { isDone, isOver, type Progress, pathOf } from './tasks';

/** What is known of a task's part of a row. */
export interface KnownTask {
  readonly progress: Progress;
  /** It has nothing left to do. */
  readonly isDone: boolean;
  /** It cannot do anything more. */
  readonly isOver: boolean;
  /** Its place, for `Footprints`. */
  readonly path: number;
  /** Its next step. */
  memo: Memo | null;
}

export class Parts {
  readonly layout: Layout;
  /** Length of a row. */
  readonly width: number;
  /** Columns that decide whether a page that is gone is mapped. */
  readonly visible: readonly number[];
  /** vCPUs that calls of several tasks need. */
  readonly sharedVcpus: ReadonlySet<number>;
  /** How much is kept of all parts. */
  readonly meter = { size: 0 };
  private readonly ofState: readonly Interned<unknown>[];
  private ofTasks: readonly Interned<Progress>[] = [];
  private tasks: readonly KnownTask[][] = [];
  /** For each column and change, what becomes of its parts. */
  private changes: readonly Map<string, Map<number, number>>[];

  constructor(
    readonly race: Race,
    readonly locals: LiveLocals,
    readonly footprints: Footprints,
  ) {
    this.layout = layoutOf(race.start);
    const { columns } = this.layout;
    this.width = columns.length + race.tasks.length;
    this.visible = columnsOf(this.layout, ['roots', 'cache', 'memories']);
    this.sharedVcpus = sharedVcpus(race);
    this.ofState = columns.map(() => new Interned(this.meter));
    this.changes = Array.from({ length: this.width }, () => new Map());
    this.forgetTasks();
  }

  forgetTasks(): void {
    const { columns } = this.layout;
    this.ofTasks = this.race.tasks.map(() => new Interned(this.meter));
    this.tasks = this.race.tasks.map(() => []);
    this.changes = this.changes.map((known, column) => (column < columns.length ? known : new Map()));
  }

  taskColumn(task: number): number {
    return this.layout.columns.length + task;
  }

  /** A row with the parts of a state, in which no task is filled in. */
  rowOf(state: State): Int32Array {
    const row = new Int32Array(this.width);
    for (const [column, part] of partsOf(this.layout, state).entries()) row[column] = this.id(column, part);
    return row;
  }

  /** A part of the state. */
  value(column: number, id: number): unknown {
    return this.ofState[column]?.values[id];
  }

  id(column: number, value: unknown): number {
    return (this.ofState[column] as Interned<unknown>).id(value);
  }

  task(row: Int32Array, task: number): KnownTask {
    return this.knownTask(task, row[this.taskColumn(task)] as number);
  }

  /** The number of a task's progress, without the locals that no later step reads. */
  taskId(task: number, progress: Progress): number {
    const { locals } = this;
    const live = progress.stack?.map((frame, at, stack) => ({
      ...frame,
      locals: locals.without(frame, stack[at + 1]?.into ?? null),
    }));
    const own: Progress = { ...progress, stack: (live as Task['stack'] | undefined) ?? null };
    const id = (this.ofTasks[task] as Interned<Progress>).id(own);
    const known = this.tasks[task] as KnownTask[];
    if (known[id] === undefined) {
      const made = taskAt(this.race, task);
      const path = this.footprints.path(pathOf(task, own));
      known[id] = { progress: own, isDone: isDone(made, own), isOver: isOver(made, own), path, memo: null };
    }
    return id;
  }

  /**
   * The number of a part after a change that depends on nothing but the part.
   * @param change Identifies the change.
   * @param make Makes the changed part; of a task, its frames.
   */
  changed(column: number, id: number, change: string, make: (part: unknown) => unknown): number {
    const changes = this.changes[column] as Map<string, Map<number, number>>;
    let ids = changes.get(change);
    if (ids === undefined) {
      ids = new Map();
      changes.set(change, ids);
    }
    let found = ids.get(id);
    if (found === undefined) {
      found = this.make(column, id, make);
      ids.set(id, found);
    }
    return found;
  }

  /** What a column's part says: of a task, its frames. */
  content(column: number, id: number): unknown {
    const first = this.layout.columns.length;
    return column < first ? this.value(column, id) : this.knownTask(column - first, id).progress.stack;
  }

  private make(column: number, id: number, make: (part: unknown) => unknown): number {
    const before = this.content(column, id);
    const after = make(before);
    if (after === before) return id;
    const first = this.layout.columns.length;
    if (column < first) return this.id(column, after);
    const task = column - first;
    const { progress } = this.knownTask(task, id);
    return this.taskId(task, { ...progress, stack: after as Progress['stack'] });
  }

  private knownTask(task: number, id: number): KnownTask {
    return this.tasks[task]?.[id] as KnownTask;
  }
}
