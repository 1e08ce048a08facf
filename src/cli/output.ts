/** Standard output in blocks: a system call for each of many lines takes longer than making the lines. */

/** Characters of a block. */
const BLOCK = 65_536;

/** Milliseconds after which lines are printed though they do not fill a block: somebody may be watching. */
const PATIENCE = 100;

/** Prints each line as it is made, or soon after. If making one throws, those before it have been printed. */
export function printLines(lines: Iterable<string>): void {
  let block = '';
  let printed = performance.now();
  const print = () => {
    if (block !== '') process.stdout.write(block);
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
