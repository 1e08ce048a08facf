/**
 * `npm test`: all checks of the project. With `--require-browser` and `--require-neovim` a missing program is a
 * failure.
 */
import { setUp } from './set-up.mjs';

setUp();
const { register } = await import('tsx/esm/api');
register();
const { runChecks } = await import('./checks.ts');
process.exitCode = await runChecks(process.argv.slice(2));
