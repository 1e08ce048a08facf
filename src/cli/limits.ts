/** Bytes. Larger texts are not scenarios: reading one would only fill the memory. */
export const MOST_BYTES = 64 * 1024 * 1024;
