/** Observes which parts of a state a step looks into. */

/** Objects that record that something was read from a part. */
export class Observed {
  /** Columns that were read since the last reset, in the order of the first reads. */
  readonly reads: number[] = [];
  private readonly proxies: Map<number, object>[];
  private readonly originals = new WeakMap<object, object>();

  constructor(columns: number) {
    this.proxies = Array.from({ length: columns }, () => new Map());
  }

  private note(column: number): void {
    if (!this.reads.includes(column)) this.reads.push(column);
  }

  /** The part with number `id` of a column: looking into it, or asking for a scalar, records that the column was read. */
  part(column: number, id: number, value: unknown): unknown {
    if (typeof value !== 'object' || value === null) {
      this.note(column);
      return value;
    }
    const known = this.proxies[column]?.get(id);
    if (known !== undefined) return known;
    const note = () => this.note(column);
    const proxy = new Proxy(value, {
      get: (target, name) => {
        note();
        return Reflect.get(target, name);
      },
      has: (target, name) => {
        note();
        return Reflect.has(target, name);
      },
      ownKeys: (target) => {
        note();
        return Reflect.ownKeys(target);
      },
    });
    this.proxies[column]?.set(id, proxy);
    this.originals.set(proxy, value);
    return proxy;
  }

  /** The part itself, if `value` observes one. */
  original(value: unknown): unknown {
    return typeof value === 'object' && value !== null ? (this.originals.get(value) ?? value) : value;
  }
}
