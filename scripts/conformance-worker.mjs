/** A thread of conformance.ts: threads do not inherit what makes Node read TypeScript. */
import { register } from 'tsx/esm/api';

register();
const { serve } = await import('../src/cli/parallel.ts');
const { compareAll } = await import('./conformance-jobs.ts');
await serve({ conformance: compareAll });
