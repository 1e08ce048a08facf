/** The language: from text to a program. */
import { analyze } from '../../src/language';
import { diagnose } from '../../src/lsp/diagnostics';
import { createDocuments } from '../../src/lsp/documents';
import { TYPING_BUDGET } from '../../src/lsp/rehearsal';
import { TYPING_PAUSE } from '../../src/lsp/synchronise';
import { measure, printTable, printWaits, type Task } from './measure';

/** A scenario of so many lines, each a statement. */
export function longScenario(lines: number): string {
  const text = ['kernel linux-7.3', 'vm sw-protected vcpus 2', 'gmem A size 1G'];
  text.push('slot 0 gpa 0x40000000 size 1G gmem A offset 0');
  for (let at = text.length; at < lines; at++) {
    const gpa = `0x${(0x40000000 + (at % 4096) * 4096).toString(16)}`;
    const statements = [
      `convert gpa ${gpa} size 64K private`,
      `fault vcpu ${at % 2} write gpa ${gpa}`,
      `punch A offset ${(at % 4096) * 4}K size 8K  # a hole`,
      `prefault vcpu 0 gpa ${gpa} size 32K`,
    ];
    text.push(statements[at % statements.length]!);
  }
  return `${text.join('\n')}\n`;
}

const LENGTHS = [100, 1_000, 10_000];

function lengthText(lines: number): string {
  return `${lines.toLocaleString('en')} lines`;
}

/** A letter typed at the end of a line (from 0), until the last diagnostics are there. */
function keystroke(lines: number, line: number, where: string): Task {
  const documents = createDocuments(TYPING_BUDGET);
  documents.open('file:///long.gmem', 1, longScenario(lines));
  let version = 1;
  return {
    name: `${lengthText(lines)}, ${where}`,
    run: async () => {
      version++;
      const start = { line, character: 0 };
      // Another size each time, so that the statement has to be run again.
      const text = `discard slot 0 offset ${(version % 512) * 4}K size 4K\n`;
      const end = version === 2 ? start : { line: line + 1, character: 0 };
      const scenario = documents.change('file:///long.gmem', version, [{ range: { start, end }, text }]);
      await diagnose(scenario, () => undefined);
    },
  };
}

export async function benchLanguage(): Promise<void> {
  const rows = await measure(
    LENGTHS.map((lines) => {
      const text = longScenario(lines);
      return {
        name: lengthText(lines),
        run: () => analyze(text),
        amount: { count: lines, unit: 'lines' },
      };
    }),
  );
  printTable('Parse, validate and compile', rows);
  const waits = await measure(
    LENGTHS.flatMap((lines) => [
      keystroke(lines, lines - 1, 'in the last'),
      keystroke(lines, Math.floor(lines / 2), 'in the middle'),
    ]),
  );
  printWaits(`From a keystroke to its last diagnostics, after a pause of ${TYPING_PAUSE} ms`, waits);
}
