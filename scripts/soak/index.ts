/**
 * `npm run soak -- [STATEMENTS] [--seed N] [--kernel "NAME [with KNOB VARIANT]…"]`: random statements of SEV-SNP and TDX
 * hosts, with the invariants looked at after each. What breaks one is printed as a scenario, as short as it gets.
 */
import { readOptions, soak } from './soak';

try {
  process.exitCode = soak(readOptions(process.argv.slice(2)), console.log) ? 0 : 1;
} catch (error) {
  console.error(error instanceof Error ? error.message : String(error));
  process.exitCode = 2;
}
