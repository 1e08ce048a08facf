/** One part of the description of a statement. */
import {
  type ExpectationKind,
  type Expectations,
  expectationPhrases,
  type ObservedOutcome,
} from '../../language';
import type { PartJson } from '../json/told';

/** Faults of kernels, which only historical kernels and knobs have. */
export type Verdict =
  /** The kernel reaches a WARN_ON_ONCE() or a BUG. */
  | 'WARN'
  /** The kernel itself faults. */
  | 'OOPS'
  /** The call never ends. */
  | 'LIVELOCK'
  | 'DEADLOCK'
  /** A stale mapping is left, or used. */
  | 'STALE'
  /** A zap on behalf of a slot reaches gfns outside the slot. */
  | 'BEYOND'
  /** mmu_invalidate_in_progress, or a reference to a file, is leaked. */
  | 'LEAK'
  /** Pages are freed that are assigned to a guest in the RMP. */
  | 'FREED'
  /** A byte is zeroed in a page that is not freed. */
  | 'ZEROED';

/** The kinds of parts; parts.ts has their order. */
export type PartKind =
  | 'failed-expectations'
  | 'result'
  | 'course'
  | 'retried'
  | 'zapped'
  | 'skipped'
  | 'mapped'
  | 'rewrote'
  | 'mmio'
  | 'slots'
  | 'stale'
  | 'left-behind'
  | 'freed'
  | 'allocated'
  | 'poisoned'
  | 'sigbus'
  | 'rmp'
  | 'direct-map'
  | 'host-pages'
  | 'guest'
  | 'read'
  | 'exit'
  | 'attributes'
  | 'unaccepted'
  | 'noted'
  | 'faults'
  | 'flush'
  | 'quiet';

export interface Part {
  /** A short phrase that is understandable alone. */
  readonly text: string;
  /** A shorter form for use after another part of the same kind. */
  readonly following?: string;
  /** The expectation that corresponds to the part; null if there is none. */
  readonly expectation: Expectations | null;
  /** Whether the text says more than the expectation does. */
  readonly saysMore: boolean;
  readonly verdict: Verdict | null;
  readonly json: PartJson;
}

/** A part that has no expectation, or that says more than its expectation. */
export function remark(
  text: string,
  json: PartJson,
  { expectation = null, verdict = null }: Partial<Pick<Part, 'expectation' | 'verdict'>> = {},
): Part {
  return { text, expectation, saysMore: true, verdict, json };
}

type ListKind = {
  [K in ExpectationKind]: ObservedOutcome[K] extends readonly unknown[] ? K : never;
}[ExpectationKind];

const SAID = { none: 'the previous phrase has it' };

/** A part in the words of an expectation. */
export function expectable<K extends ExpectationKind>(
  kind: K,
  value: Expectations[K],
  json: PartJson,
): readonly Part[] {
  const expectation = { [kind]: value };
  return expectationPhrases(kind, value).map((text, at) => ({
    text,
    expectation,
    saysMore: false,
    verdict: null,
    json: at === 0 ? json : SAID,
  }));
}

/** A part for each item of a list, in the words of an expectation. */
export function expectableItems<K extends ListKind>(
  kind: K,
  items: ObservedOutcome[K],
  jsonOf: (item: ObservedOutcome[K][number]) => PartJson,
): readonly Part[] {
  return (items as readonly ObservedOutcome[K][number][]).flatMap((item) =>
    expectable(kind, [item] as unknown as Expectations[K], jsonOf(item)),
  );
}

/** Removes repeated texts: a call that retries may cause the same part many times. */
export function once(parts: readonly Part[]): readonly Part[] {
  return [...new Map(parts.map((part) => [part.text, part])).values()];
}
