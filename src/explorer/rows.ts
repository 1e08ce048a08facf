/** A set of rows of equally many integers, numbered in the order in which they were added: open addressing in one array. */
export class Rows {
  length = 0;
  private cells: Int32Array;
  private slots: Int32Array;
  private mask: number;

  constructor(
    readonly width: number,
    capacity = 1024,
  ) {
    this.cells = new Int32Array(capacity * width);
    this.slots = new Int32Array(capacity * 2).fill(-1);
    this.mask = capacity * 2 - 1;
  }

  /** Copies row `index` to `into`. */
  read(index: number, into: Int32Array): void {
    const { width, cells } = this;
    const from = index * width;
    for (let at = 0; at < width; at++) into[at] = cells[from + at] as number;
  }

  /** The index of the row if it is known; otherwise adds it and returns ~index, a negative number. */
  add(row: Int32Array): number {
    if ((this.length + 1) * 2 > this.slots.length) this.rehash();
    const { width, cells, slots, mask } = this;
    let slot = hashOf(row, width) & mask;
    for (let found = slots[slot] as number; found >= 0; found = slots[slot] as number) {
      const from = found * width;
      let at = 0;
      while (at < width && cells[from + at] === row[at]) at++;
      if (at === width) return found;
      slot = (slot + 1) & mask;
    }
    if ((this.length + 1) * width > cells.length) this.grow();
    this.cells.set(row, this.length * width);
    slots[slot] = this.length;
    return ~this.length++;
  }

  private grow(): void {
    const cells = new Int32Array(this.cells.length * 2);
    cells.set(this.cells);
    this.cells = cells;
  }

  private rehash(): void {
    const slots = new Int32Array(this.slots.length * 2).fill(-1);
    const mask = slots.length - 1;
    const row = new Int32Array(this.width);
    for (let index = 0; index < this.length; index++) {
      this.read(index, row);
      let slot = hashOf(row, this.width) & mask;
      while ((slots[slot] as number) >= 0) slot = (slot + 1) & mask;
      slots[slot] = index;
    }
    this.slots = slots;
    this.mask = mask;
  }
}

function hashOf(row: Int32Array, width: number): number {
  let hash = 0x9e3779b9 | 0;
  for (let at = 0; at < width; at++) {
    hash = Math.imul(hash ^ (row[at] as number), 0x85ebca6b);
    hash ^= hash >>> 13;
  }
  hash = Math.imul(hash, 0xc2b2ae35);
  return hash ^ (hash >>> 16);
}
