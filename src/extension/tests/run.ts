import { Location, TestMessage, type TestRun } from 'vscode';
import { baseName } from '../../dap';
import type { Span } from '../../language';
import { type TestResult, testScenario } from '../../outcome';
import type { OnStep } from '../../simulator';
import { messageOf } from '../errors';
import { paceOf } from '../pace';
import { rangeOf } from '../ranges';
import { setting } from './discovery';
import type { Planned } from './planned';
import { testResultText } from './test-result-text';

/** Seconds of running after which a test times out, unless the settings say otherwise. */
const SECONDS = 20;

/** Most messages at the lines of one scenario; its output has all of them. */
const MOST_MESSAGES = 100;

/**
 * Most characters of a message: VS Code truncates what does not fit in a line. The difference beside it is complete.
 */
const LONGEST = 160;

function short(message: string): string {
  return message.length <= LONGEST ? message : `${message.slice(0, LONGEST - 1)}…`;
}

function messageAt(message: TestMessage, { uri, lines }: Planned, span: Span): TestMessage {
  message.location = new Location(uri, rangeOf(lines, span));
  return message;
}

function messagesOf(testResult: TestResult, planned: Planned, limit: number): TestMessage[] {
  switch (testResult.kind) {
    case 'failed':
      return testResult.failures
        .slice(0, MOST_MESSAGES)
        .map(({ message, expected, actual, span }) =>
          messageAt(TestMessage.diff(short(message), expected, actual), planned, span),
        );
    case 'wrong':
      return testResult.errors
        .slice(0, MOST_MESSAGES)
        .map(({ message, code, span }) => messageAt(new TestMessage(`${message} (${code})`), planned, span));
    case 'cut off': {
      const message =
        `The test timed out after ${limit} seconds at line ${testResult.line}. ` +
        'Raise gmemscope.testing.timeLimit to give it more time.';
      return [messageAt(new TestMessage(message), planned, planned.test.span)];
    }
    default:
      return [];
  }
}

/**
 * Runs a scenario. Call the returned function to report the result.
 * @param onStep Learns of each step of the kernel that ran.
 */
export async function tryPlanned(run: TestRun, planned: Planned, onStep?: OnStep): Promise<() => void> {
  const { item, test, uri } = planned;
  const limit = Number(setting('timeLimit', SECONDS)) || SECONDS;
  const start = Date.now();
  let testResult: TestResult;
  try {
    testResult = await testScenario(test.program, paceOf(run.token, limit), onStep);
  } catch (error) {
    return () => run.errored(item, new TestMessage(`The simulator failed: ${messageOf(error)}`));
  }
  const duration = Date.now() - start;
  return () => {
    const file = baseName(uri.path);
    const text = testResultText(testResult, test.title === '' ? file : `${file}: ${test.title}`);
    run.appendOutput(`${text.replaceAll('\n', '\r\n')}\r\n`, undefined, item);
    const messages = messagesOf(testResult, planned, limit);
    if (testResult.kind === 'passed') run.passed(item, duration);
    else if (testResult.kind === 'failed') run.failed(item, messages, duration);
    else if (testResult.kind === 'cancelled') run.skipped(item);
    else run.errored(item, messages, duration);
  };
}

/** Runs a scenario and reports the result. */
export async function runPlanned(run: TestRun, planned: Planned, onStep?: OnStep): Promise<void> {
  const tell = await tryPlanned(run, planned, onStep);
  tell();
}
