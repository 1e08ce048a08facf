/** `npm test`: every check of the project. `--require-browser` and `--require-neovim` make a missing one a failure. */
import { setUp } from './set-up.mjs';

setUp();
const { register } = await import('tsx/esm/api');
register();
const { runChecks } = await import('./checks.ts');
process.exitCode = await runChecks(process.argv.slice(2));
