import type { IRawProperty } from 'fast-check';

/** A property that is tested with random inputs until the time is over. */
export interface Fuzzer {
  readonly name: string;
  /** What holds for every input. */
  readonly holds: string;
  readonly property: IRawProperty<unknown, boolean>;
}
