/** The text that identifies a value by its content. */
export function contentOf(value: unknown): string {
  return JSON.stringify(value, (_, part) => (typeof part === 'bigint' ? `${part}n` : part)) ?? String(value);
}

/** How much is kept of the parts of all states, as the characters of their contents. */
export interface Meter {
  size: number;
}

/** Values by small numbers: values of equal content have the same number. */
export class Interned<T> {
  readonly values: T[] = [];
  private readonly byObject = new WeakMap<object, number>();
  private readonly byContent = new Map<string, number>();

  constructor(private readonly meter: Meter) {}

  id(value: T): number {
    const object = typeof value === 'object' && value !== null ? value : null;
    const known = object === null ? undefined : this.byObject.get(object);
    if (known !== undefined) return known;
    const content = contentOf(value);
    let id = this.byContent.get(content);
    if (id === undefined) {
      id = this.values.length;
      this.values.push(value);
      this.byContent.set(content, id);
      this.meter.size += content.length;
    }
    if (object !== null) this.byObject.set(object, id);
    return id;
  }
}
