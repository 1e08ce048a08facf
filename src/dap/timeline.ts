/**
 * The run of a program so far, and the current moment in it. A run is determined by its program, its first moment and
 * the turns that a person gave to tasks of a race. So a bounded number of checkpoints is kept, and moments between two
 * checkpoints are restored by running again: memory does not grow with the number of steps.
 */
import type { Program } from '../language';
import { aroundAt, describeOutcome, type OutcomeText } from '../outcome';
import {
  elementAt,
  eventsOf,
  firstMoment,
  firstOf,
  hasReturned,
  initialState,
  isEnd,
  lastBegun,
  lastOf,
  nextMoment,
  type Turn,
  takeTurn,
} from '../simulator';
import type { Moment } from './moment';
import { withoutSignal } from './race/endless';
import { type DebuggedRace, taskAt } from './race/tasks';

const FIRST_INTERVAL = 64;
const MOST_CHECKPOINTS = 256;

export class Timeline {
  private here: Moment;
  /** The reached moments whose ticks are multiples of `interval`. */
  private checkpoints: Moment[];
  private interval = FIRST_INTERVAL;
  private outcomeTexts: OutcomeText[] = [];
  private unheard = new Set<number>();
  private furthest = 0;
  /** Tick at which each reached statement begins. */
  private starts: number[] = [0];
  /** The turns, by the ticks of the moments at which they were given. */
  private turns: ReadonlyMap<number, Turn> = new Map();

  constructor(
    readonly program: Program,
    private readonly race: DebuggedRace | null = null,
    first: Moment = firstMoment(initialState(program.setup)),
  ) {
    this.here = first;
    this.checkpoints = [first];
  }

  get current(): Moment {
    return this.here;
  }

  /** The outcomes of all statements that returned, including those after the current moment. */
  get outcomes(): readonly OutcomeText[] {
    return this.outcomeTexts;
  }

  /**
   * Indices of the statements that returned since the previous call, in order of their last return. A statement is
   * reported again when its call resumes after waiting.
   */
  news(): readonly number[] {
    const news = [...this.unheard];
    this.unheard.clear();
    return news;
  }

  /** Largest tick reached. */
  get lastTick(): number {
    return this.furthest;
  }

  /** Tick at which each reached statement begins. */
  get statementTicks(): readonly number[] {
    return this.starts;
  }

  /** Number of checkpoints kept. */
  get checkpointCount(): number {
    return this.checkpoints.length;
  }

  atEnd(): boolean {
    if (isEnd(this.program.statements, this.here)) return true;
    return this.isSteered && !this.turns.has(this.here.tick) && this.isStuck();
  }

  /** Another run, which is the same up to the current moment. From there on it has another program, and another turn. */
  steered(program: Program, turn: Turn | null): Timeline {
    const { tick } = this.here;
    const other = new Timeline(program, this.race, firstOf(this.checkpoints));
    other.here = this.here;
    other.furthest = tick;
    other.interval = this.interval;
    other.checkpoints = this.checkpoints.filter((one) => one.tick <= tick);
    const begun = lastBegun(this.here) + 1;
    other.outcomeTexts = this.outcomeTexts.slice(0, begun);
    // The next statement can be another one.
    other.starts = this.starts.slice(0, begun + (this.here.phase === 'before' ? 1 : 0));
    const turns = [...this.turns].filter(([given]) => given < tick);
    other.turns = new Map(turn === null ? turns : [...turns, [tick, turn]]);
    return other;
  }

  /** The tick of the moment at which the first turn was given. */
  private get firstTurn(): number {
    const { value = Number.POSITIVE_INFINITY } = this.turns.keys().next();
    return value;
  }

  /** Whether tasks of a race have been given turns. */
  get isSteered(): boolean {
    return this.turns.size > 0;
  }

  /** Whether a moment follows another because a task was given its turn there: no step has run between the two. */
  isTurned({ tick }: Moment): boolean {
    return this.turns.has(tick - 1);
  }

  /** The moment at which a turn was given that led to this moment; the moment itself if none did. */
  beforeTurn(moment: Moment): Moment {
    return this.isTurned(moment) ? this.at(moment.tick - 1) : moment;
  }

  /** The moment after a reached one. @throws Error at the end. */
  following(moment: Moment): Moment {
    const turn = this.turns.get(moment.tick);
    if (turn !== undefined) return takeTurn(moment, turn);
    const next = nextMoment(this.program.statements, moment);
    return moment.tick > this.firstTurn ? withoutSignal(this.race, this.program, moment, next) : next;
  }

  /** Goes to the next moment. @throws Error at the end. */
  forward(): Moment {
    const moment = this.following(this.here);
    this.here = moment;
    if (moment.tick <= this.furthest) return moment;
    this.furthest = moment.tick;
    const last = lastOf(this.checkpoints);
    if (moment.tick === last.tick + this.interval) this.keep(moment);
    if (hasReturned(moment)) this.noteReturn(moment);
    else if (moment.statement === this.starts.length) this.starts.push(moment.tick);
    return moment;
  }

  /** Goes to a past moment, or to one returned by `at`. */
  moveTo(moment: Moment): void {
    this.here = moment;
  }

  /** The exact moment of a reached tick. */
  at(tick: number): Moment {
    if (tick === this.here.tick) return this.here;
    let moment = this.checkpointBefore(tick + 1);
    while (moment.tick < tick) moment = this.following(moment);
    return moment;
  }

  /** The moment before a reached statement. */
  startOf(statement: number): Moment {
    return this.at(elementAt(this.starts, statement));
  }

  /** The moments from the last checkpoint before `tick` up to `tick`, which is at least 1. */
  segmentBefore(tick: number): readonly Moment[] {
    const segment = [this.checkpointBefore(tick)];
    while (lastOf(segment).tick < tick - 1) {
      segment.push(this.following(lastOf(segment)));
    }
    return segment;
  }

  /** Whether all calls of a race that have begun wait for each other: its tasks can make no other calls. */
  private isStuck(): boolean {
    if (!hasReturned(this.here)) return false;
    const next = nextMoment(this.program.statements, this.here);
    if (next.phase !== 'before') return false;
    const task = taskAt(this.race, this.program, next);
    const waiting = next.suspended.flatMap(({ scheduled }) => this.race?.taskOf.get(scheduled) ?? []);
    return task === null ? waiting.length > 0 : waiting.includes(task);
  }

  private checkpointBefore(tick: number): Moment {
    const index = Math.floor((tick - 1) / this.interval);
    return elementAt(this.checkpoints, Math.min(index, this.checkpoints.length - 1));
  }

  private keep(moment: Moment): void {
    this.checkpoints.push(moment);
    if (this.checkpoints.length <= MOST_CHECKPOINTS) return;
    this.interval *= 2;
    this.checkpoints = this.checkpoints.filter(({ tick }) => tick % this.interval === 0);
  }

  private noteReturn(moment: Moment): void {
    const statement = elementAt(this.program.statements, moment.statement);
    const outcome = describeOutcome(statement, eventsOf(moment), aroundAt(moment));
    this.outcomeTexts[moment.statement] = outcome;
    // Only its last outcome is kept.
    this.unheard.delete(moment.statement);
    this.unheard.add(moment.statement);
  }
}
