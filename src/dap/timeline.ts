/**
 * The run of a program so far, and the current moment in it. A run is determined by its program and first moment. So a
 * bounded number of checkpoints is kept, and moments between two checkpoints are restored by running again: memory
 * does not grow with the number of steps.
 */
import type { Program } from '../language';
import { aroundAt, describeOutcome, type OutcomeText } from '../outcome';
import {
  elementAt,
  eventsOf,
  firstMoment,
  hasReturned,
  initialState,
  isEnd,
  lastOf,
  nextMoment,
} from '../simulator';
import type { Moment } from './moment';

const FIRST_INTERVAL = 64;
const MOST_CHECKPOINTS = 256;

export class Timeline {
  private here: Moment;
  /** The reached moments whose ticks are multiples of `interval`. */
  private checkpoints: Moment[];
  private interval = FIRST_INTERVAL;
  private readonly outcomeTexts: OutcomeText[] = [];
  private unheard: number[] = [];
  private furthest = 0;
  /** Tick at which each reached statement begins. */
  private readonly starts: number[] = [0];

  constructor(
    readonly program: Program,
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
   * Indices of the statements that returned since the previous call, in order. Each is reported once, and again
   * when its call resumes after waiting.
   */
  news(): readonly number[] {
    const news = this.unheard;
    this.unheard = [];
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
    return isEnd(this.program.statements, this.here);
  }

  /** Goes to the next moment. @throws Error at the end. */
  forward(): Moment {
    const moment = nextMoment(this.program.statements, this.here);
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
    while (moment.tick < tick) moment = nextMoment(this.program.statements, moment);
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
      segment.push(nextMoment(this.program.statements, lastOf(segment)));
    }
    return segment;
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
    this.unheard.push(moment.statement);
  }
}
