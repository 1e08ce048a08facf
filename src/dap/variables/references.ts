/**
 * Numbers by which clients ask for frames and rows. They hold until the scenario moves; later numbers are
 * never those of earlier ones, so that a stale one is noticed: a client that asks for what it saw before the
 * move is merely late.
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

  /** Whether the number was handed out before the scenario last moved. */
  isStale(reference: number): boolean {
    return reference > 0 && reference <= this.last && !this.values.has(reference);
  }

  /** Makes every number that was handed out stale. */
  clear(): void {
    this.values = new Map();
  }
}
