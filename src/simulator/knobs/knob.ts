interface Variant {
  readonly name: string;
  readonly doc: string;
}

/** A point where kernels differ; each variant replaces one or a few steps of a procedure. */
export interface KnobSpec {
  readonly name: string;
  readonly doc: string;
  readonly variants: readonly Variant[];
}
