/** How the simulator ends the turn of each statement: the guest program knows what to wait for. */
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

export type Ending = 'r' | 'p' | 'b' | 'g' | 'l';

function endingOf(moment: Moment<CompiledStatement>): Ending {
  const suspended = moment.run?.suspended ?? null;
  if (suspended !== null) return ENDINGS[suspended];
  return eventsOf(moment).some(({ type }) => type === 'livelock') ? 'l' : 'r';
}

/** The end of each statement's first turn, before other statements run. */
export function endingsOf({ setup, statements }: Program): readonly Ending[] {
  const endings: Ending[] = [];
  if (statements.length === 0) return endings;
  let moment = firstMoment<CompiledStatement>(initialState(setup));
  for (;;) {
    if (hasReturned(moment) && moment.resumption === null) endings.push(endingOf(moment));
    if (isEnd(statements, moment)) return endings;
    moment = nextMoment(statements, moment);
  }
}
