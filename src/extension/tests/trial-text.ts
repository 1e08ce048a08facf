import { capped } from '../../language';
import type { Trial } from '../../outcome';

/** The output of a run for a scenario, as `gmemscope test` prints it in a terminal. */
export function trialText(trial: Trial, name: string): string {
  switch (trial.kind) {
    case 'passed': {
      const { claims } = trial.report;
      return `ok    ${name} (${claims === 0 ? 'no expectations' : `${claims} expectation${claims === 1 ? '' : 's'}`})`;
    }
    case 'failed':
      return [`FAIL  ${name}`, ...trial.failures.map(({ message }) => indented(message))].join('\n');
    case 'wrong':
      return [
        `FAIL  ${name}`,
        ...capped(trial.errors).map(({ message, code }) => indented(`${message} (${code})`)),
      ].join('\n');
    case 'cut off':
      return `FAIL  ${name} (timed out at line ${trial.line})`;
    case 'cancelled':
      return `      ${name} (cancelled)`;
  }
}

function indented(text: string): string {
  return text.replace(/^/gm, '      ');
}
