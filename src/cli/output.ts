/** What a command prints: at once in blocks, or later in its turn. */

import { hasColours } from './style';
import { visible, visibleInColour } from './visible';

/** Text for a stream that may be a terminal. */
function shown(stream: NodeJS.WriteStream, text: string): string {
  return hasColours(stream) ? visibleInColour(text) : visible(text);
}

/** Prints a text to standard output. All that commands print goes through here, but formatted files and protocols. */
export function printText(text: string): void {
  process.stdout.write(shown(process.stdout, text));
}

/** Prints a line to standard output. */
export function printLine(line: string): void {
  console.log(shown(process.stdout, line));
}

/** Prints a line to standard error. */
export function printError(line: string): void {
  console.error(shown(process.stderr, line));
}

/** Characters of a block. */
const BLOCK = 65_536;

/** Milliseconds after which lines are printed though they do not fill a block: somebody may be watching. */
const PATIENCE = 100;

/**
 * Prints each line as it is made, or soon after: a system call for each of many lines takes longer than making the lines.
 * If making one throws, those before it have been printed.
 */
export function printLines(lines: Iterable<string>): void {
  let block = '';
  let printed = performance.now();
  const print = () => {
    if (block !== '') printText(block);
    block = '';
    printed = performance.now();
  };
  try {
    for (const line of lines) {
      block += `${line}\n`;
      if (block.length >= BLOCK || performance.now() - printed >= PATIENCE) print();
    }
  } finally {
    print();
  }
}

/** Lines that a command prints, each to standard output or to standard error. */
export type Printed = readonly (readonly [stream: 'out' | 'err', text: string])[];

export interface Printer {
  readonly out: (text: string) => void;
  readonly err: (text: string) => void;
}

/** A printer that keeps what it is given. */
export function keptLines(): { readonly printer: Printer; readonly printed: Printed } {
  const printed: ['out' | 'err', string][] = [];
  return {
    printer: {
      out: (text) => void printed.push(['out', text]),
      err: (text) => void printed.push(['err', text]),
    },
    printed,
  };
}

export function print(printed: Printed): void {
  for (const [stream, text] of printed) {
    if (stream === 'out') printLine(text);
    else printError(text);
  }
}

/** What a command that goes through files does with one of them. */
export interface FileOutcome {
  readonly status: number;
  readonly printed: Printed;
}
