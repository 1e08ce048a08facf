/**
 * `npm run soak -- [STATEMENTS] [--seed N] [--kernel "NAME [with KNOB VARIANT]…"]`: runs random statements of SEV-SNP
 * and TDX hosts and checks the invariants after each. A violation is printed as a minimized scenario.
 *
 * `npm run soak -- --fuzz all|NAME[,NAME]… [--seconds N] [--seed N]`: tries random inputs on the rest of the program.
 */
import { fuzz, readFuzzOptions } from './fuzz';
import { readOptions, soak } from './soak';

const args = process.argv.slice(2);
const isFuzz = args.some((one) => one === '--fuzz' || one.startsWith('--fuzz='));

try {
  const held = isFuzz ? await fuzz(readFuzzOptions(args), console.log) : soak(readOptions(args), console.log);
  process.exitCode = held ? 0 : 1;
} catch (error) {
  console.error(error instanceof Error ? error.message : String(error));
  process.exitCode = 2;
}
