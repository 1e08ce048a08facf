/** How the simulator runs the statements of a scenario: the guest program knows from it what to wait for. */
import type { CompiledStatement, Program } from '../../src/language';
import {
  eventsOf,
  firstMoment,
  hasReturned,
  initialState,
  isEnd,
  type Moment,
  nextMoment,
} from '../../src/simulator';

/** As letters, between this module and guest/race.c. */
const ENDINGS = { suspended: 'p', blocked: 'b', deadlock: 'b', retries: 'g', returned: 'r' } as const;

/** `s`: a signal ends a loop, and the VMM calls again and goes round; `l`: signals end the call. */
export type Ending = 'r' | 'p' | 'b' | 'g' | 's' | 'l';

/** The turn of a call: of a statement that runs, or of one that waited and resumes automatically. */
export interface Turn {
  /** Index of the statement. */
  readonly statement: number;
  readonly resumes: boolean;
  readonly ending: Ending;
}

function endingOf(moment: Moment<CompiledStatement>): Ending {
  const suspended = moment.run?.suspended ?? null;
  const isInterrupted = eventsOf(moment).some(({ type }) => type === 'livelock');
  if (suspended === 'retries' && isInterrupted) return 's';
  if (suspended !== null) return ENDINGS[suspended];
  return isInterrupted ? 'l' : 'r';
}

/** All turns, in order. */
export function turnsOf({ setup, statements }: Program): readonly Turn[] {
  const turns: Turn[] = [];
  if (statements.length === 0) return turns;
  let moment = firstMoment<CompiledStatement>(initialState(setup));
  for (;;) {
    if (hasReturned(moment)) {
      const { statement, resumption } = moment;
      turns.push({ statement, resumes: resumption !== null, ending: endingOf(moment) });
    }
    if (isEnd(statements, moment)) return turns;
    moment = nextMoment(statements, moment);
  }
}
