/**
 * Tries every order of the steps of the tasks, breadth first. A node is a state in which the order matters: from it, each
 * task makes a move, which is its next step and all steps behind it that commute with whatever the others may still do.
 */
import { freedMappings, type Range, staleMappings, violations } from '../simulator';
import { leadingTo } from './ends';
import { withoutNames } from './frames';
import { contentOf } from './interned';
import { Moves } from './moves';
import type { Outcome } from './outcome';
import type { Race } from './race';
import { rehearse } from './rehearse';
import { Rows } from './rows';
import type { Step } from './step';
import { Steps } from './steps';

/** What can go wrong. */
export type Wrong = 'STALE' | 'WARN' | 'oops' | 'deadlock' | 'livelock' | 'violation' | 'error';

export interface SearchOptions {
  /** Without the reduction: every step is a move. */
  readonly full?: boolean;
  /** The search ends, unfinished, when it has found this many states. */
  readonly maxStates?: number;
  /** Whether it matters to an outcome that a call has retried. */
  readonly retries?: boolean;
}

/** Where an order leads: to a node of a search, and then through the move of a task from there; null for no move. */
export interface Place {
  readonly node: number;
  readonly task: number | null;
}

/** What goes wrong. */
export type Fault =
  /** The gfns that are mapped to pages that are gone, or wrongly. */
  | { readonly what: 'STALE'; readonly gfns: Range }
  | { readonly what: Exclude<Wrong, 'STALE'>; readonly detail: string };

/** Where something goes wrong first. */
export type Found = Place & Fault;

/** An outcome of a call, and where a call first returns with it: in the move of `task` from `node`. */
export interface Returned {
  readonly task: number;
  readonly call: number;
  readonly outcome: Outcome;
  readonly node: number;
}

/** How far a search has come. */
export interface SearchProgress {
  readonly states: number;
  readonly expanded: number;
  readonly transitions: number;
  /** Moves to the nodes that are expanded now. */
  readonly depth: number;
}

export interface SearchResult extends SearchProgress {
  /** Every state was expanded. */
  readonly complete: boolean;
  /** The first of each kind, with the shortest order. */
  readonly found: readonly Found[];
  /** The outcomes of the calls, each where it is first seen. */
  readonly returned: readonly Returned[];
  /** Nodes at which all tasks are done. */
  readonly finals: readonly number[];
  readonly steps: Steps;
  readonly moves: Moves;
  /** Copies the row of a node. */
  readonly row: (node: number) => Int32Array;
  /** The tasks that move, in order, from the start to a node. */
  readonly wayTo: (node: number) => readonly number[];
}

/** Nodes that are expanded between two reports of progress. */
const SLICE = 64;

/** Progress of a search that has not begun. */
const BEFORE: SearchProgress = { states: 0, expanded: 0, transitions: 0, depth: 0 };

const DEFAULT_MAX_STATES = 20_000_000;

/** Searches until it contradicts nothing that it has learnt. */
export function* search(race: Race, options: SearchOptions = {}): Generator<SearchProgress, SearchResult> {
  const steps = new Steps(race, { retries: options.retries ?? false });
  for (const _ of rehearse(steps)) yield BEFORE;
  while (true) {
    const result = yield* new Search(race, steps, options).run();
    if (result !== null) return result;
    if (steps.locals.isWrong) steps.forget();
  }
}

class Search {
  private readonly rows: Rows;
  private readonly moves: Moves;
  private parents = new Int32Array(1024);
  private movers = new Int8Array(1024);
  private depths = new Int32Array(1024);
  /** Nodes at which no task is left out. */
  private readonly whole = new Set<number>();
  private edges = new Int32Array(4096);
  /** For each edge, 1 if its task was between two rounds. */
  private beginsRound = new Int8Array(4096);
  private edgeCount = 0;
  private firstEdge = new Int32Array(1024);
  private readonly found = new Map<Wrong, Found>();
  private readonly returned = new Map<string, Returned>();
  /** The outcomes of each task's calls that were noted, as objects. */
  private readonly seen: Set<Outcome>[] = [];
  private readonly finals: number[] = [];
  private readonly deadlocked: number[] = [];
  private at = 0;
  /** The row of the move that is made. */
  private readonly moved: Int32Array;
  /** What decides whether a page that is gone is mapped, and for each such key what is mapped. */
  private readonly judged: Rows;
  private readonly key: Int32Array;
  private readonly verdicts: (Range | null)[] = [];

  constructor(
    private readonly race: Race,
    private readonly steps: Steps,
    private readonly options: SearchOptions,
  ) {
    this.rows = new Rows(steps.width);
    this.moved = new Int32Array(steps.width);
    this.key = new Int32Array(steps.parts.visible.length);
    this.judged = new Rows(this.key.length);
    this.moves = new Moves(steps, options.full !== true);
  }

  /** Null if the search has to begin anew. */
  *run(): Generator<SearchProgress, SearchResult | null> {
    const { rows, steps, options } = this;
    const limit = options.maxStates ?? DEFAULT_MAX_STATES;
    this.addNode(steps.start(), -1, -1);
    const row = new Int32Array(steps.width);
    for (; this.at < rows.length && rows.length <= limit && !steps.isFull; this.at++) {
      if (this.at % SLICE === SLICE - 1) yield this.progress();
      rows.read(this.at, row);
      this.firstEdge = withRoom(this.firstEdge, this.at + 1);
      this.firstEdge[this.at] = this.edgeCount;
      this.expand(row);
      if (steps.locals.isWrong || steps.footprints.hasContradiction()) return null;
    }
    // When no more is kept, the last moves were cut short.
    const complete = this.at >= rows.length && !steps.isFull;
    if (complete) this.findLivelock();
    return this.result(complete);
  }

  private progress(): SearchProgress {
    const { rows, at, edgeCount } = this;
    return { states: rows.length, expanded: at, transitions: edgeCount, depth: this.depths[at] ?? 0 };
  }

  private result(complete: boolean): SearchResult {
    const { finals, steps, moves, found } = this;
    const depth = this.depths[this.rows.length - 1] ?? 0;
    return {
      ...this.progress(),
      depth,
      complete,
      found: [...found.values()],
      returned: [...this.returned.values()],
      finals,
      steps,
      moves,
      row: (node) => {
        const row = new Int32Array(steps.width);
        this.rows.read(node, row);
        return row;
      },
      wayTo: (node) => this.wayTo(node),
    };
  }

  private expand(row: Int32Array): void {
    const { race, steps, moves, at } = this;
    const able: number[] = [];
    let left = 0;
    let stuck = 0;
    for (let task = 0; task < race.tasks.length; task++) {
      const isAble = steps.next(row, task)?.kind === 'step';
      if (isAble) able.push(task);
      if (steps.isDone(row, task)) continue;
      left++;
      if (!isAble) stuck++;
    }
    if (left === 0) this.final(row);
    // Tasks that could begin another round hold no lock that the others wait for.
    else if (stuck === left) {
      this.deadlocked.push(at);
      this.note({ what: 'deadlock', detail: deadlockText(this.leftAt(row)) }, null);
    }
    const isAlone = (task: number) => !steps.isDone(row, task) && moves.isFree(row, task);
    // Between two rounds, a task may as well stop: what the others do then is another order.
    const alone = this.whole.has(at) ? undefined : able.find(isAlone);
    if (alone !== undefined && !this.move(row, alone)) return;
    // Alone, the task leads to a state that is known: leaving the others out could put them off forever.
    for (const task of able) if (task !== alone) this.move(row, task);
  }

  /** The names of the tasks that are not done. */
  private leftAt(row: Int32Array): readonly string[] {
    return this.race.tasks.filter((_, task) => !this.steps.isDone(row, task)).map(({ name }) => name);
  }

  /** A task moves. Returns whether it led to a node that was expanded before. */
  private move(from: Int32Array, task: number): boolean {
    const { steps, moves, at } = this;
    const row = this.moved;
    row.set(from);
    const loops = moves.make(row, task, (step, after) => this.judge(step, after, task));
    if (steps.locals.isWrong) return false;
    steps.settle(row);
    const node = this.addNode(row, at, task);
    if (loops) this.whole.add(node);
    this.edges = withRoom(this.edges, this.edgeCount + 1);
    this.beginsRound = withRoom(this.beginsRound, this.edgeCount + 1);
    this.beginsRound[this.edgeCount] = steps.isDone(from, task) ? 1 : 0;
    this.edges[this.edgeCount++] = node;
    return node <= at;
  }

  private addNode(row: Int32Array, parent: number, mover: number): number {
    const added = this.rows.add(row);
    if (added >= 0) return added;
    const node = ~added;
    this.parents = withRoom(this.parents, node + 1);
    this.depths = withRoom(this.depths, node + 1);
    this.movers = withRoom(this.movers, node + 1);
    this.parents[node] = parent;
    this.movers[node] = mover;
    this.depths[node] = parent < 0 ? 0 : (this.depths[parent] as number) + 1;
    return node;
  }

  /** Looks for what is wrong after a step. */
  private judge({ events, error, visible, label, returns }: Step, row: Int32Array, task: number): void {
    if (returns !== null) this.noteReturn(task, returns);
    if (error !== null) this.note({ what: 'error', detail: `${label}: ${error}` }, task);
    for (const event of events) {
      if (event.type === 'warn') this.note({ what: 'WARN', detail: event.text }, task);
      if (event.type === 'oops') this.note({ what: 'oops', detail: event.text }, task);
    }
    if (!visible || this.found.has('STALE')) return;
    const gfns = this.freed(row);
    if (gfns !== null) this.note({ what: 'STALE', gfns }, task);
  }

  private noteReturn(task: number, { call, outcome }: NonNullable<Step['returns']>): void {
    let known = this.seen[task];
    if (known === undefined) {
      known = new Set();
      this.seen[task] = known;
    }
    if (known.has(outcome)) return;
    known.add(outcome);
    const key = contentOf([task, call, outcome]);
    if (!this.returned.has(key)) this.returned.set(key, { task, call, outcome, node: this.at });
  }

  /** The gfns that map freed pages; null if there are none. */
  private freed(row: Int32Array): Range | null {
    const { visible } = this.steps.parts;
    for (const [at, column] of visible.entries()) this.key[at] = row[column] as number;
    const known = this.judged.add(this.key);
    if (known >= 0) return this.verdicts[known] ?? null;
    const state = this.steps.state(row);
    const [first = null] = state.vms.flatMap((vm) => freedMappings(state, vm));
    this.verdicts.push(first);
    return first;
  }

  private final(row: Int32Array): void {
    this.finals.push(this.at);
    if (this.found.has('STALE') && this.found.has('violation')) return;
    const state = this.steps.state(row);
    const [stale] = state.vms.flatMap(({ id }) => staleMappings(state, id));
    if (stale !== undefined) this.note({ what: 'STALE', gfns: stale }, null);
    for (const violation of violations(state)) {
      const detail = `${violation.rule}: ${violation.detail}`;
      if (violation.stale === undefined) this.note({ what: 'violation', detail }, null);
    }
  }

  private note(fault: Fault, task: number | null): void {
    if (this.found.has(fault.what)) return;
    const shown = fault.what === 'STALE' ? fault : { ...fault, detail: withoutNames(fault.detail) };
    this.found.set(fault.what, { ...shown, node: this.at, task });
  }

  /**
   * A state from which no order leads to an end, although calls can run: they would run forever. A task between two rounds
   * may stop there, so the end must not depend on another round.
   */
  private findLivelock(): void {
    const { rows, edges, edgeCount, firstEdge, beginsRound } = this;
    const all = { nodes: rows.length, count: edgeCount, to: edges, first: firstEdge };
    const ends = leadingTo([...this.finals, ...this.deadlocked], all, (edge) => beginsRound[edge] !== 1);
    const endless = this.fewestLeft(ends);
    if (endless === null) return;
    const { node, left } = endless;
    this.at = node;
    const detail = `${left.join(' and ')} never ${left.length === 1 ? 'ends' : 'end'}`;
    this.note({ what: 'livelock', detail }, null);
  }

  /** Of the nodes that lead to no end, the first at which the fewest tasks are left: those are the ones that never end. */
  private fewestLeft(ends: Uint8Array): { readonly node: number; readonly left: readonly string[] } | null {
    const row = new Int32Array(this.steps.width);
    let found: { readonly node: number; readonly left: readonly string[] } | null = null;
    for (let node = ends.indexOf(0); node >= 0; node = ends.indexOf(0, node + 1)) {
      this.rows.read(node, row);
      const left = this.leftAt(row);
      if (found === null || left.length < found.left.length) found = { node, left };
    }
    return found;
  }

  private wayTo(node: number): readonly number[] {
    const way: number[] = [];
    for (let at = node; at > 0; at = this.parents[at] as number) way.push(this.movers[at] as number);
    return way.reverse();
  }
}

function deadlockText(left: readonly string[]): string {
  return left.length === 1
    ? `${left[0]} waits for a lock that nobody drops`
    : `${left.join(' and ')} wait for each other`;
}

/** The array, or a longer copy of it with room for so many elements. */
function withRoom<A extends Int32Array<ArrayBuffer> | Int8Array<ArrayBuffer>>(array: A, length: number): A {
  if (length <= array.length) return array;
  const longer = array instanceof Int8Array ? new Int8Array(length * 2) : new Int32Array(length * 2);
  longer.set(array);
  return longer as A;
}
