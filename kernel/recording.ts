/** The form of a recording: one JSON object a line, which conformance compares the simulator with. */
import type { RecordedStatement } from './recorder';

export interface Recording {
  readonly name: string;
  /** The kernel it was recorded on. */
  readonly kernel: string;
  /** Text of the scenario. */
  readonly source: string;
  readonly expected: readonly RecordedStatement[];
}

/** A line of a .jsonl file, with its line end. The keys are in the order of the recordings. */
export function formatRecording({ name, kernel, source, expected }: Recording): string {
  const statements = expected.map(({ line, result, exit, left, faults, sptes, flush }) => ({
    line,
    result,
    exit,
    left,
    faults,
    sptes,
    flush,
  }));
  return `${JSON.stringify({ name, kernel, source, expected: statements })}\n`;
}
