/** The language: from a text to a program. */
import { analyze } from '../../src/language';
import { NO_ABILITIES } from '../../src/lsp/abilities';
import { codeActionsIn } from '../../src/lsp/actions/actions';
import { TYPING_BUDGET } from '../../src/lsp/background-run/background-run';
import { diagnose, diagnosticsOf } from '../../src/lsp/diagnostics';
import { createDocuments } from '../../src/lsp/documents';
import { foldingRanges } from '../../src/lsp/folding';
import { formatted } from '../../src/lsp/formatting';
import { inlayHintsIn } from '../../src/lsp/inlay-hints';
import { codeLenses } from '../../src/lsp/lenses';
import { PATIENCE } from '../../src/lsp/races/patience';
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

/** Shared statements above as many scenarios. */
function sharedText(statements: number): string {
  const text = ['vm sw-protected', 'gmem A size 1G', 'slot 0 gpa 0 size 1G gmem A offset 0'];
  for (let at = 0; at < statements; at++) text.push(`fault vcpu 0 read gfn ${at}`);
  for (let at = 0; at < statements; at++)
    text.push(`scenario "${at}" {`, `punch A pgoff ${at}..${at + 1}`, '}');
  return `${text.join('\n')}\n`;
}

/** Statements that name files that there are not. */
function misspeltText(statements: number): string {
  const files = Array.from({ length: 100 }, (_, at) => `gmem memory${at}file size 4M`);
  const uses = Array.from({ length: statements }, (_, at) => `punch memroy${at}fiel offset 0 size 4K`);
  return `${['vm sw-protected', ...files, ...uses].join('\n')}\n`;
}

/** Documents that may be open while another one is edited. */
const LARGE: Readonly<Record<string, string>> = {
  '10,000 lines': longScenario(10_000),
  '40,000 lines': longScenario(40_000),
  '4,000 shared statements and scenarios': sharedText(4000),
  '20,000 misspelt names': misspeltText(20_000),
};

/** Milliseconds, besides the pause. */
const OTHER_TARGET = 50;

/** Types in a small document while a large one is being analysed and run. */
function elsewhere(name: string, text: string): Task {
  const documents = createDocuments(TYPING_BUDGET);
  documents.open('file:///large.gmem', 1, text);
  documents.open('file:///small.gmem', 1, longScenario(20));
  const start = { line: 5, character: 0 };
  const change = (uri: string, version: number) =>
    documents.change(uri, version, [{ range: { start, end: start }, text: ' ' }]);
  let version = 1;
  return {
    name,
    target: OTHER_TARGET,
    run: () => {
      version++;
      void diagnose(change('file:///large.gmem', version), () => undefined);
      return new Promise((resolve) => {
        setTimeout(() => void diagnose(change('file:///small.gmem', version), resolve), 0);
      });
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
  const patience = { most: PATIENCE, onLate: () => undefined };
  const tasks: Record<string, () => unknown> = {
    'semantic tokens': () => tokens.full(scenario),
    'semantic tokens, delta': () => tokens.delta(scenario, resultId),
    'semantic tokens of a screen': () => tokens.within(scenario, screen),
    'inlay hints': () => inlayHintsIn(scenario, whole, inlayHints, patience),
    'inlay hints of a screen': () => inlayHintsIn(scenario, screen, inlayHints, patience),
    'code lenses': () => codeLenses(scenario, { commands: true, orders: true }, patience),
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
  printWaits(
    'From keystrokes in a large document and a small one to the first diagnostics of the small one',
    await measure(Object.entries(LARGE).map(([name, text]) => elsewhere(name, text))),
  );
  const lines = LENGTHS.at(-1)!;
  printWaits(
    `Answers on ${lengthText(lines)}, once they have been analysed and run`,
    await measure(requests(lines)),
  );
}
