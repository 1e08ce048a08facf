/** `npm run docs`: the documentation as a static site. */
import { projectRoot, setUp, setUpSite } from './set-up.mjs';

setUp();
setUpSite();
const { register } = await import('tsx/esm/api');
register();
const { buildSite } = await import('./site/build.ts');
process.exitCode = buildSite(projectRoot, process.argv.slice(2));
