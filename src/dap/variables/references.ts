/**
 * Reference numbers of frames and rows. They are valid until the scenario moves and never reused, so a stale one is
 * recognized: the client asks for what it saw before the move.
 */
export class References<T> {
  private values = new Map<number, T>();
  private last = 0;

  add(value: T): number {
    this.last++;
    this.values.set(this.last, value);
    return this.last;
  }

  get(reference: number): T | undefined {
    return this.values.get(reference);
  }

  /** Whether the number is from before the scenario last moved. */
  isStale(reference: number): boolean {
    return reference > 0 && reference <= this.last && !this.values.has(reference);
  }

  /** Makes all numbers stale. */
  clear(): void {
    this.values = new Map();
  }
}
