/**
 * Maps of what a block of the text adds to what is known outside of it, without a copy of that: a document may have
 * thousands of blocks below thousands of names.
 */
export interface Layer<K, V> {
  get(key: K): V | undefined;
  set(key: K, value: V): void;
  delete(key: K): void;
}

/** @param below What is known already; the layer does not change it. */
export function layer<K, V extends NonNullable<unknown>>(below?: Layer<K, V>): Layer<K, V> {
  const own = new Map<K, V | null>();
  return {
    get: (key) => {
      const value = own.get(key);
      return value === undefined ? below?.get(key) : (value ?? undefined);
    },
    set: (key, value) => void own.set(key, value),
    delete: (key) => void own.set(key, null),
  };
}
