/** Compares a race on a real kernel, in many orders, with what its exploration found. */
import type { RealKernel } from '../../kernel/catalogue';
import { type ToldOrder, toldOrders } from '../../kernel/races/orders';
import { type RaceRecords, runRaces } from '../../kernel/races/run';
import { finish } from '../language';
import { type CallResult, exploredResults, exploreRace, type RaceProgram, resultsText } from '../outcome';
import type { RecordingOptions } from './recordings';

/** Orders that a race is run in. */
const ORDERS = 60;

export interface VerifiedRace {
  readonly name: string;
  /** Orders in which all calls returned. */
  readonly runs: number;
  /** Orders in which a call looped, hung, or had not returned at the end. */
  readonly unfinished: number;
  /** How often the calls returned this. */
  readonly seen: ReadonlyMap<string, number>;
  /** What they return on the simulator. */
  readonly explored: ReadonlySet<string>;
  /** Whether all orders were tried. */
  readonly complete: boolean;
}

/** Results that are the end of a turn, and not of a call. */
const OPEN: ReadonlySet<string> = new Set(['suspended', 'blocked', 'retries', 'returned', 'livelock']);

/** The results of the calls; null if one has not returned. */
function resultsOf({ program, calls }: ToldOrder, records: RaceRecords): readonly CallResult[] | null {
  if (records === null) return null;
  const results: CallResult[] = [];
  for (const statements of calls) {
    const lines = statements.map((at) => records[at]);
    const last = lines.findLast((record) => record !== undefined && !OPEN.has(record.result));
    if (last === undefined || records.length !== program.statements.length) return null;
    results.push(last as CallResult);
  }
  return results;
}

/** @throws Error if the race cannot be run, or this machine lacks something. */
export async function verifyRace(
  kernel: RealKernel,
  { name, program }: { readonly name: string; readonly program: RaceProgram },
  options: RecordingOptions,
): Promise<VerifiedRace> {
  const explored = finish(exploreRace(program));
  const orders = toldOrders(program, ORDERS);
  const named = orders.map((order, at) => ({ name: `${name}, order ${at + 1}`, program: order.program }));
  const records = await runRaces(kernel, named, options);
  const seen = new Map<string, number>();
  let runs = 0;
  for (const [at, order] of orders.entries()) {
    const results = resultsOf(order, records[at] ?? null);
    if (results === null) continue;
    const text = resultsText(results);
    seen.set(text, (seen.get(text) ?? 0) + 1);
    runs++;
  }
  const { complete } = explored.result;
  return {
    name,
    runs,
    unfinished: orders.length - runs,
    seen,
    explored: exploredResults(explored),
    complete,
  };
}

/** Whether the exploration found everything that the kernel did. */
export function agrees({ seen, explored, complete }: VerifiedRace): boolean {
  return !complete || [...seen.keys()].every((text) => explored.has(text));
}

export function raceText(race: VerifiedRace, kernel: RealKernel): string {
  const { name, runs, unfinished, seen, explored, complete } = race;
  const known = [...seen.keys()].filter((text) => explored.has(text)).length;
  const ended =
    unfinished === 0 ? `${runs} orders` : `${runs} orders, and ${unfinished} in which a call did not return`;
  const head = `${name} on ${kernel}: ${ended}: the calls returned ${seen.size} different results, ${known} of them among the ${explored.size} that the exploration found`;
  const lines = [...seen].map(
    ([text, count]) => `  ${String(count).padStart(3)}  ${explored.has(text) ? '' : 'not found: '}${text}`,
  );
  const rest = [...explored].filter((text) => !seen.has(text)).map((text) => `       not seen: ${text}`);
  return [head, ...lines, ...rest, ...(complete ? [] : ['  the exploration was not finished'])].join('\n');
}
