/** A page of characters that grows downwards. */

import { elementAt } from '../../simulator';

export class Canvas {
  private readonly lines: string[][] = [];

  /** Writes a text at column `x` of line `y`, over existing text. */
  put(x: number, y: number, text: string): void {
    while (this.lines.length <= y) this.lines.push([]);
    const line = elementAt(this.lines, y);
    while (line.length < x + text.length) line.push(' ');
    for (const [at, character] of [...text].entries()) line[x + at] = character;
  }

  /** Writes a text that ends before column `x`. */
  putBefore(x: number, y: number, text: string): void {
    this.put(Math.max(0, x - text.length), y, text);
  }

  /** The lines, without trailing white space. */
  text(): readonly string[] {
    return this.lines.map((line) => line.join('').trimEnd());
  }
}
