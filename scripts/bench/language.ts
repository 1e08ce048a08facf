/** The language: from a text to a program. */
import { analyze } from '../../src/language';
import { NO_ABILITIES } from '../../src/lsp/abilities';
import { codeActionsIn } from '../../src/lsp/actions/actions';
import { TYPING_BUDGET } from '../../src/lsp/background-run/background-run';
import { diagnose, diagnosticsOf } from '../../src/lsp/diagnostics';
import { createDocuments } from '../../src/lsp/documents';
import { foldingRanges } from '../../src/lsp/folding';
import { formatted } from '../../src/lsp/formatting';
import { HINT_PATIENCE, inlayHintsIn } from '../../src/lsp/inlay-hints';
import { codeLenses } from '../../src/lsp/lenses';
import { createTokenServer } from '../../src/lsp/semantic-tokens';
import { DEFAULT_SETTINGS } from '../../src/lsp/settings';
import { symbolsOf } from '../../src/lsp/symbols';
import { TYPING_PAUSE } from '../../src/lsp/synchronise';
import { measure, printTable, printWaits, type Task } from './measure';

/** A scenario with this many lines, each a statement. */
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

/** Milliseconds, besides the pause. */
const KEYSTROKE_TARGET = 100;

/** Which diagnostics a keystroke waits for: those of the text itself, or also those of running it. */
type Until = 'first' | 'last';

/** Types a line (from 0) again and waits for its diagnostics. */
function keystroke(lines: number, line: number, where: string, until: Until): Task {
  const documents = createDocuments(TYPING_BUDGET);
  documents.open('file:///long.gmem', 1, longScenario(lines));
  let version = 1;
  return {
    name: `${lengthText(lines)}, ${where}`,
    ...(until === 'first' ? { target: KEYSTROKE_TARGET } : {}),
    run: async () => {
      version++;
      const start = { line, character: 0 };
      // A different size each time, so that the statement has to run again.
      const text = `discard slot 0 offset ${(version % 512) * 4}K size 4K\n`;
      const end = version === 2 ? start : { line: line + 1, character: 0 };
      const scenario = documents.change('file:///long.gmem', version, [{ range: { start, end }, text }]);
      if (until === 'first') diagnosticsOf(scenario);
      else await diagnose(scenario, () => undefined);
    },
  };
}

/** What an editor requests after each keystroke, or when it opens a document. */
function requests(lines: number): readonly Task[] {
  const documents = createDocuments(TYPING_BUDGET);
  const scenario = documents.open('file:///long.gmem', 1, longScenario(lines));
  const { length } = scenario.document.getText();
  const whole = { start: 0, end: length };
  // Within the budget of the background run.
  const middle = Math.floor(length / 5);
  const screen = { start: middle, end: middle + 60 * 45 };
  const at = scenario.document.getText().indexOf('punch', screen.start);
  const place = { start: at, end: at };
  const tokens = createTokenServer();
  const { resultId } = tokens.full(scenario);
  const { inlayHints, format } = DEFAULT_SETTINGS;
  const patience = { most: HINT_PATIENCE, onLate: () => undefined };
  const tasks: Record<string, () => unknown> = {
    'semantic tokens': () => tokens.full(scenario),
    'semantic tokens, delta': () => tokens.delta(scenario, resultId),
    'semantic tokens of a screen': () => tokens.within(scenario, screen),
    'inlay hints': () => inlayHintsIn(scenario, whole, inlayHints, patience),
    'inlay hints of a screen': () => inlayHintsIn(scenario, screen, inlayHints, patience),
    'code lenses': () => codeLenses(scenario),
    outline: () => symbolsOf(scenario),
    folding: () => foldingRanges(scenario, true),
    'code actions': () => codeActionsIn(scenario, place, {}, { ...NO_ABILITIES, resolvesEdits: true }),
    formatting: () => formatted(scenario, format),
  };
  return Object.entries(tasks).map(([name, run]) => ({ name, run }));
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
  for (const until of ['first', 'last'] as const) {
    const blocked = await measure(
      LENGTHS.flatMap((lines) => [
        keystroke(lines, lines - 1, 'in the last', until),
        keystroke(lines, Math.floor(lines / 2), 'in the middle', until),
      ]),
    );
    printWaits(`From a keystroke to its ${until} diagnostics, after a pause of ${TYPING_PAUSE} ms`, blocked);
  }
  const lines = LENGTHS.at(-1)!;
  printWaits(
    `Answers on ${lengthText(lines)}, once they have been analysed and run`,
    await measure(requests(lines)),
  );
}
