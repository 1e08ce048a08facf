/** `npm start`: VS Code in the browser with the extension active and the examples open. */
import { setUp } from './set-up.mjs';

setUp();
const { register } = await import('tsx/esm/api');
register();
const { build } = await import('./build.ts');
const { start } = await import('../workbench/start.ts');
process.exitCode = await start(process.argv.slice(2), build);
