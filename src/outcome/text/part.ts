/** One thing that is said of a statement. */
import {
  type AllExpectations,
  type ExpectationKind,
  type Expectations,
  expectationPhrases,
} from '../../language';
import type { PartJson } from '../json/told';

/** What no kernel should do, and only historical kernels and knobs do. */
export type Verdict =
  /** A WARN_ON_ONCE() or a BUG is reached. */
  | 'WARN'
  /** The kernel itself faults. */
  | 'OOPS'
  /** The call never ends. */
  | 'LIVELOCK'
  | 'DEADLOCK'
  /** A mapping that should be gone is left, or used. */
  | 'STALE'
  /** A zap in the name of a slot reaches gfns that the slot does not have. */
  | 'BEYOND'
  /** mmu_invalidate_in_progress, or a reference to a file, is never given back. */
  | 'LEAK'
  /** Pages are freed that the RMP has as a guest's. */
  | 'FREED'
  /** A byte of a page that stays is zeroed. */
  | 'ZEROED';

/** The readers that a text is put together from; parts.ts has their order. */
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
  /** A short phrase that stands by itself. */
  readonly text: string;
  /** The same behind another part of its kind, where that is shorter. */
  readonly following?: string;
  /** What can be expected of it behind `=>`; null where nothing can. */
  readonly expectation: Expectations | null;
  /** Whether the text says more than the expectation does. */
  readonly saysMore: boolean;
  readonly verdict: Verdict | null;
  readonly json: PartJson;
}

/** A part that cannot be expected, or that says more than can be. */
export function remark(
  text: string,
  json: PartJson,
  { expectation = null, verdict = null }: Partial<Pick<Part, 'expectation' | 'verdict'>> = {},
): Part {
  return { text, expectation, saysMore: true, verdict, json };
}

type ListKind = {
  [K in ExpectationKind]: AllExpectations[K] extends readonly unknown[] ? K : never;
}[ExpectationKind];

const SAID = { none: 'the phrase before has it' };

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

/** A part for each item of a list, in the words of an expectation; none where the list is empty. */
export function expectableItems<K extends ListKind>(
  kind: K,
  items: AllExpectations[K],
  jsonOf: (item: AllExpectations[K][number]) => PartJson,
): readonly Part[] {
  return (items as readonly AllExpectations[K][number][]).flatMap((item) =>
    expectable(kind, [item] as unknown as Expectations[K], jsonOf(item)),
  );
}

/** Each text once: a call that retries may say the same again and again. */
export function once(parts: readonly Part[]): readonly Part[] {
  return [...new Map(parts.map((part) => [part.text, part])).values()];
}
