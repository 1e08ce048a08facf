/** Parses what guest/race.c prints, one JSON object per line. */
import {
  decodeStatement,
  type GuestMessage,
  type KernelRecord,
  lineWithoutResult,
  messageWithoutResult,
  parseObject,
  type RawStatement,
} from '../protocol';

/** The outcome of a statement. The call may be suspended: then `result` says why, as in `run --json`. */
export interface RaceRecord extends KernelRecord {
  readonly suspended?: { readonly step: string };
  /**
   * The call waited for a lock, and continued before the scenario said so: the kernel gives the lock to who waits for it,
   * and others needed it meanwhile.
   */
  readonly early?: true;
}

/** `s`: an entry changed (gfn, level, from, to). `f`: a fault (address, error code). `p`: a point. */
type RawEvent =
  | readonly ['s', string, number, string, string]
  | readonly ['f', string, string]
  | readonly ['p', string];

interface RawRace extends Omit<RawStatement, 'faults' | 'sptes' | 'flushes' | 'lost'> {
  /** The last point that the call reached. */
  readonly at?: string;
  readonly early?: boolean;
  readonly events: readonly RawEvent[];
}

export type RaceMessage =
  | GuestMessage<RaceRecord>
  /** A call did not end, so the machine ends. */
  | { readonly kind: 'hung'; readonly scenario: number };

function decodeRace({ events, at, early, ...raw }: RawRace): RaceRecord {
  const record = decodeStatement({
    ...raw,
    faults: events.flatMap((event) => (event[0] === 'f' ? [[event[1], event[2]] as const] : [])),
    sptes: events.flatMap((event) =>
      event[0] === 's' ? [[event[1], event[2], event[3], event[4]] as const] : [],
    ),
    flushes: events.filter((event) => event[0] === 'p' && event[1] === 'FLUSH').length,
    lost: 0,
  });
  return {
    ...record,
    ...(record.result === 'suspended' && at !== undefined && { suspended: { step: at } }),
    ...(early === true && { early }),
  };
}

/** @throws Error if the guest program did not print the line. */
export function decodeRaceLine(line: string): RaceMessage {
  const raw = parseObject(line);
  if (typeof raw.hung === 'number') return { kind: 'hung', scenario: raw.hung };
  const message = messageWithoutResult(raw);
  if (message !== null) return message;
  if (typeof raw.result !== 'string' || !Array.isArray(raw.events)) throw lineWithoutResult(line);
  const scenario = Number(raw.scenario);
  const index = Number(raw.statement);
  return { kind: 'statement', scenario, index, record: decodeRace(raw as unknown as RawRace) };
}
