/**
 * `npm run soak -- [STATEMENTS] [--seed N] [--kernel "NAME [with KNOB VARIANT]…"]`: runs random statements of SEV-SNP
 * and TDX hosts and checks the invariants after each. A violation is printed as a minimized scenario.
 */
import { readOptions, soak } from './soak';

try {
  process.exitCode = soak(readOptions(process.argv.slice(2)), console.log) ? 0 : 1;
} catch (error) {
  console.error(error instanceof Error ? error.message : String(error));
  process.exitCode = 2;
}
