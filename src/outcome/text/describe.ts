/** What a statement did, in words that fit behind its line. */
import type { Event } from '../../simulator';
import { type Around, vmBefore } from '../affected-vm';
import { routed } from '../events/routes';
import type { Verdict } from './part';
import { type Described, type PartOfKind, partsOf, type Ran, ranOf } from './parts';
import { quietVerdict } from './quiet';
import { type LostLeaves, lossesOf } from './slots';

/**
 * What kind of news a description is; of several, the one further down. `wrong`: what no kernel should do, a mapping
 * left behind or a WARN, and only historical kernels and knobs do.
 */
export type Tone = 'done' | 'zapped' | 'failed' | 'wrong';

/** Parts of a description, each a short phrase. */
export interface Description {
  readonly parts: readonly PartOfKind[];
  readonly phrases: readonly string[];
  /** The same, each to be read by itself: of several zaps, every one says that it is one. */
  readonly lines: readonly string[];
  /** What no kernel should do, whether a part says so or not. */
  readonly verdicts: readonly Verdict[];
  readonly tone: Tone;
  /** Whether the call failed, the vCPU left with a memory fault, or something else was expected of it. */
  readonly failed: boolean;
  readonly lost: readonly LostLeaves[];
}

/** A call that never ends is wrong before it is cut off, and an access to a page that is gone whatever else it does. */
function verdictsOf({ call, expectations, around }: Ran, parts: readonly PartOfKind[]): readonly Verdict[] {
  const { result } = expectations;
  const endless: Verdict | null =
    result === 'livelock' ? 'LIVELOCK' : result === 'deadlock' ? 'DEADLOCK' : null;
  const all = [...parts.map((part) => part.verdict), endless, quietVerdict(call, result, around)] as const;
  return [...new Set(all)].filter((verdict) => verdict !== null);
}

/** A failure that was expected is as it should be; a call that is suspended has not failed. */
function isFailed(
  { expected, suspended, expectations }: Ran,
  has: (kind: PartOfKind['kind']) => boolean,
): boolean {
  const stops =
    suspended?.why === 'suspended' || suspended?.why === 'blocked' || suspended?.why === 'retries';
  const fails = (has('result') && !stops) || expectations.result === 'oops';
  return has('failed-expectations') || (fails && expected === null);
}

/**
 * Describes what a statement did, completely or so far, to the VM that it affects.
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
  const verdicts = verdictsOf(ran, parts);
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
