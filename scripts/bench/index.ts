/** `npm run bench`: medians of user-visible delays. BENCH_TIME sets the milliseconds for each row (1000). */
import { benchDebugger } from './debugger';
import { benchExplorer } from './explorer';
import { benchExtension } from './extension';
import { benchLanguage } from './language';
import { benchSimulator } from './simulator';

await benchSimulator();
await benchExplorer();
await benchLanguage();
await benchDebugger();
await benchExtension();
