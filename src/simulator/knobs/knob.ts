/** What a knob is made of. */

interface Variant {
  readonly name: string;
  readonly doc: string;
}

/** A point where kernels differ; each variant replaces one step, or a few, of a procedure. */
export interface KnobSpec {
  readonly name: string;
  readonly doc: string;
  readonly variants: readonly Variant[];
}
