/** Describes what a statement did, in a text that fits after its line. */
import type { Event } from '../../simulator';
import { type Around, vmBefore } from '../affected-vm';
import { routed } from '../events/routes';
import type { Verdict } from './part';
import { type Described, type PartOfKind, partsOf, type Ran, ranOf } from './parts';
import { quietVerdict } from './quiet';
import { type LostLeaves, lossesOf } from './slots';

/**
 * The kind of a description; if several apply, the last one in this list. `wrong` is for what no kernel should do, such
 * as a stale mapping or a WARN; only historical kernels and knobs do this.
 */
export type Tone = 'done' | 'zapped' | 'failed' | 'wrong';

/** Parts of a description, each a short phrase. */
export interface Description {
  readonly parts: readonly PartOfKind[];
  readonly phrases: readonly string[];
  /** The same, each understandable alone: if there are several zaps, each says `zapped`. */
  readonly lines: readonly string[];
  /** What no kernel should do, even if no part says so. */
  readonly verdicts: readonly Verdict[];
  readonly tone: Tone;
  /** Whether the call failed, the vCPU exited with a memory fault, or an expectation failed. */
  readonly failed: boolean;
  readonly lost: readonly LostLeaves[];
}

/**
 * Verdicts without a part: a livelock before it is cut off, or behind which the call goes on, and an access through a stale
 * mapping.
 */
function verdictsOf(
  { call, observed, around }: Ran,
  events: readonly Event[],
  parts: readonly PartOfKind[],
): readonly Verdict[] {
  const { result } = observed;
  const isEndless = events.some(({ type }) => type === 'livelock');
  const endless: Verdict | null = isEndless ? 'LIVELOCK' : result === 'deadlock' ? 'DEADLOCK' : null;
  const all = [...parts.map((part) => part.verdict), endless, quietVerdict(call, result, around)] as const;
  return [...new Set(all)].filter((verdict) => verdict !== null);
}

/** An expected failure does not count as failed, and neither does a suspended call. */
function isFailed(
  { expected, suspended, observed }: Ran,
  has: (kind: PartOfKind['kind']) => boolean,
): boolean {
  const stops =
    suspended?.why === 'suspended' || suspended?.why === 'blocked' || suspended?.why === 'retries';
  const fails = (has('result') && !stops) || observed.result === 'oops';
  return has('failed-expectations') || (fails && expected === null);
}

/**
 * Describes what a statement did to the affected VM, completely or so far.
 * @param around The states around `events`.
 * @param finished False while the statement is running.
 */
export function describe(
  statement: Described,
  events: readonly Event[],
  around: Around,
  finished = true,
): Description {
  const ran = ranOf(statement, events, around, finished);
  const parts = partsOf(ran);
  const has = (kind: PartOfKind['kind']) => parts.some((part) => part.kind === kind);
  const verdicts = verdictsOf(ran, events, parts);
  const failed = isFailed(ran, has);
  return {
    parts,
    phrases: parts.map(({ kind, text, following }, at) =>
      following !== undefined && parts[at - 1]?.kind === kind ? following : text,
    ),
    lines: parts.map(({ text }) => text),
    verdicts,
    tone: verdicts.length > 0 ? 'wrong' : failed ? 'failed' : has('zapped') ? 'zapped' : 'done',
    failed,
    lost: lossesOf(routed('text', events)('lost'), vmBefore(around)),
  };
}
