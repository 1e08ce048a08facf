/** Notices that a task which runs alone comes back to a row: it would go around forever (Brent's cycle detection). */
export class Rounds {
  private readonly anchor: Int32Array;
  private count = 0;

  constructor(width: number) {
    this.anchor = new Int32Array(width);
  }

  /** A task begins to run alone. */
  begin(row: Int32Array): void {
    this.anchor.set(row);
    this.count = 0;
  }

  /**
   * Whether the task came back to an earlier row with its latest step; asked after each step.
   * @param own The column of the task, which tells most rows apart.
   */
  isBack(row: Int32Array, own: number): boolean {
    const { anchor } = this;
    this.count++;
    if (anchor[own] === row[own] && anchor.every((part, at) => part === row[at])) return true;
    if ((this.count & (this.count - 1)) === 0) anchor.set(row);
    return false;
  }
}
