/**
 * Prints how many steps of the profiles of released kernels the scenarios of the examples and the documents reach, and
 * which they do not. Fails if a step has neither a scenario nor a reason.
 */
import { judge, releasedCoverage } from './coverage/judge';
import { countsOfRepository } from './coverage/measure';
import { UNREACHED } from './coverage/unreached';

const profiles = releasedCoverage(countsOfRepository());
for (const { kernel, steps, reached } of profiles) console.log(`${kernel}: ${reached} of ${steps} steps`);
for (const { kernel, procedure, labels, reason } of UNREACHED) {
  console.log(`${kernel} ${procedure} ${labels.join(', ')}: ${reason}`);
}
const { missing, needless } = judge(profiles, UNREACHED);
for (const step of missing) console.error(`${step}: no scenario reaches it, and there is no reason`);
for (const step of needless) console.error(`${step}: it is reached or does not exist; remove its reason`);
if (missing.length + needless.length > 0) process.exitCode = 1;
