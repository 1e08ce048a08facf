/** A process that saves one file again and again: `save-loop.ts FILE BYTES`. Prints a line before the first save. */
import { saveFile } from '../../src/cli/save';

const [file, bytes] = process.argv.slice(2);
console.log('begins');
for (let round = 0; ; round++) {
  await saveFile(file!, String.fromCharCode(97 + (round % 26)).repeat(Number(bytes)));
}
