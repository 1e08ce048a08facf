import { capped } from '../../language';
import type { Trial } from '../../outcome';

/** What the output of a run says of a scenario: what `gmemscope test` says in a terminal. */
export function trialText(trial: Trial, name: string): string {
  switch (trial.kind) {
    case 'passed': {
      const { claims } = trial.report;
      return `ok    ${name} (${claims === 0 ? 'claims nothing' : `${claims} claim${claims === 1 ? '' : 's'}`})`;
    }
    case 'failed':
      return [`FAIL  ${name}`, ...trial.failures.map(({ message }) => indented(message))].join('\n');
    case 'wrong':
      return [
        `FAIL  ${name}`,
        ...capped(trial.errors).map(({ message, code }) => indented(`${message} (${code})`)),
      ].join('\n');
    case 'cut off':
      return `FAIL  ${name} (cut off at line ${trial.line})`;
    case 'cancelled':
      return `      ${name} (cancelled)`;
  }
}

function indented(text: string): string {
  return text.replace(/^/gm, '      ');
}
