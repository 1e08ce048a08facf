import { capped } from '../../language';
import type { TestResult } from '../../outcome';

/** The output of a run for a scenario, as `gmemscope test` prints it in a terminal. */
export function testResultText(testResult: TestResult, name: string): string {
  switch (testResult.kind) {
    case 'passed': {
      const { expectations } = testResult.report;
      return `ok    ${name} (${expectations === 0 ? 'no expectations' : `${expectations} expectation${expectations === 1 ? '' : 's'}`})`;
    }
    case 'failed':
      return [`FAIL  ${name}`, ...testResult.failures.map(({ message }) => indented(message))].join('\n');
    case 'wrong':
      return [
        `FAIL  ${name}`,
        ...capped(testResult.errors).map(({ message, code }) => indented(`${message} (${code})`)),
      ].join('\n');
    case 'cut off':
      return `FAIL  ${name} (timed out at line ${testResult.line})`;
    case 'cancelled':
      return `      ${name} (cancelled)`;
  }
}

function indented(text: string): string {
  return text.replace(/^/gm, '      ');
}
