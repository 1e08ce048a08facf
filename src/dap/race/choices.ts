/** The points of a steered order at which it matters which task makes the next step. */
import { beginWalk, type KnownSteps, learnSteps, type Walk } from '../../outcome';
import { type State, sameState, stateOf } from '../../simulator';
import type { Moment } from '../moment';
import type { DebuggedScenario } from '../scenario';
import { hasStepped } from '../stepping/race-goals';
import { type DebuggedRace, taskAt } from './tasks';

interface Learnt {
  /** The state in which the race begins, and its VM. A what-if branch can change both. */
  readonly state: State;
  readonly vmId: number;
  readonly knownSteps: KnownSteps;
}

/** What is known of each race that is debugged. */
const learntOf = new WeakMap<DebuggedRace, readonly Learnt[]>();

/** The tick at which the race begins. */
function startOfRace({ program, race, timeline }: DebuggedScenario): number | null {
  const first = program.statements.findIndex((one) => race?.taskOf.has(one) === true);
  return timeline.statementTicks[first] ?? null;
}

/** Learns what is needed to tell choices. Yields while it does. */
export function* learnRace(scenario: DebuggedScenario): Generator<void, KnownSteps | null> {
  const { race, timeline } = scenario;
  const start = startOfRace(scenario);
  if (race === null || start === null) return null;
  const moment = timeline.at(start);
  const { vmId } = moment;
  const state = stateOf(moment);
  const known = learntOf.get(race) ?? [];
  const before = known.find((one) => one.vmId === vmId && sameState(one.state, state));
  if (before !== undefined) return before.knownSteps;
  const knownSteps = yield* learnSteps({ state, vmId, tasks: race.tasks });
  learntOf.set(race, [...known, { state, vmId, knownSteps }]);
  return knownSteps;
}

/** Follows the run of a race. */
export class Follower {
  readonly walk: Walk;

  /** @param last The moment before the first step of the race. */
  constructor(
    private readonly scenario: DebuggedScenario,
    knownSteps: KnownSteps,
    private last: Moment,
  ) {
    this.walk = beginWalk(knownSteps);
  }

  /** Follows the run up to a later moment. */
  follow(moment: Moment): void {
    const { timeline } = this.scenario;
    while (this.last.tick < moment.tick - 1) this.step(timeline.following(this.last));
    if (this.last.tick < moment.tick) this.step(moment);
  }

  private step(moment: Moment): void {
    const { race, program } = this.scenario;
    const task = taskAt(race, program, moment);
    if (task !== null && hasStepped(this.last, moment)) this.walk.step(task);
    this.last = moment;
  }

  /** Whether it matters that the task at the last moment, and not another, makes the next step. */
  matters(): boolean {
    const task = taskAt(this.scenario.race, this.scenario.program, this.last);
    return task !== null && this.walk.matters(task);
  }
}

/** Follows the run up to its current moment; collects the ticks at which it matters who makes the next step. */
export function choicesBefore(
  scenario: DebuggedScenario,
  knownSteps: KnownSteps,
): { readonly follower: Follower; readonly ticks: ReadonlySet<number> } {
  const { timeline } = scenario;
  const start = startOfRace(scenario) ?? 0;
  let moment = timeline.at(start);
  const follower = new Follower(scenario, knownSteps, moment);
  const ticks = new Set([start]);
  while (moment.tick < timeline.current.tick) {
    if (follower.matters()) ticks.add(moment.tick);
    moment = timeline.following(moment);
    follower.follow(moment);
  }
  return { follower, ticks };
}
