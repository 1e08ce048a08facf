/** The text that identifies a value by its content. */
export function contentOf(value: unknown): string {
  return JSON.stringify(value, (_, part) => (typeof part === 'bigint' ? `${part}n` : part)) ?? String(value);
}

/** Values by small numbers: values of equal content have the same number. */
export class Interned<T> {
  readonly values: T[] = [];
  private readonly byObject = new WeakMap<object, number>();
  private readonly byContent = new Map<string, number>();

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
    }
    if (object !== null) this.byObject.set(object, id);
    return id;
  }
}
