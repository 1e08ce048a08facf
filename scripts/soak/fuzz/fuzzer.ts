import type { IRawProperty } from 'fast-check';

/** Something that is tried with random inputs for as long as one likes. */
export interface Fuzzer {
  readonly name: string;
  /** What holds for every input. */
  readonly holds: string;
  readonly property: IRawProperty<unknown, boolean>;
}
