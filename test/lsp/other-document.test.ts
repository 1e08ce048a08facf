import { afterEach, describe, expect, it, vi } from 'vitest';
import { analysisInPieces } from '../../src/language';
import { TYPING_BUDGET } from '../../src/lsp/background-run/background-run';
import { diagnose } from '../../src/lsp/diagnostics';
import { createDocuments } from '../../src/lsp/documents';

const SETUP = 'vm sw-protected\ngmem A size 1G\nslot 0 gpa 0 size 1G gmem A offset 0\n';

function repeated(count: number, line: (at: number) => string): string {
  return Array.from({ length: count }, (_, at) => `${line(at)}\n`).join('');
}

/** One statement is one piece; test/outcome/expectations/long-lists.test.ts checks that its work is in proportion. */
const ONE_STATEMENT = 'items of a failed expectation';

/** Texts that take long to analyse and to run. */
const LARGE: Readonly<Record<string, (count: number) => string>> = {
  faults: (count) => SETUP + repeated(count, (at) => `fault vcpu 0 write gfn ${at * 2}`),
  'shared statements and scenarios': (count) =>
    SETUP +
    repeated(count, (at) => `fault vcpu 0 read gfn ${at}`) +
    repeated(count, (at) => `scenario "${at}" {\npunch A pgoff ${at}..${at + 1}\n}`),
  'misspelt names': (count) => SETUP + repeated(count, () => 'punch memroy offset 0 size 4K'),
  'scenarios that are not closed': (count) => repeated(count, () => 'scenario "a" {'),
  VMs: (count) => repeated(count, () => 'vm default'),
  [ONE_STATEMENT]: (count) =>
    `${SETUP}fault vcpu 0 read gpa 0 => ${Array.from({ length: count }, (_, at) => `mapped gfn ${at * 2}`).join(', ')}\n`,
};
const TEXTS = Object.entries(LARGE).map(([name, text]) => ({ name, text }));

const SMALL = 'file:///small.gmem';

/** Looks at the clock, of which each advances it: a slice of so many milliseconds does as many pieces of work. */
function countWork(): () => number {
  let looks = 0;
  vi.spyOn(Date, 'now').mockImplementation(() => looks++);
  return () => looks;
}

const turn = () => new Promise((resolve) => setTimeout(resolve, 0));

/** The work that is done between an edit of a small document and its first diagnostics, `turns` after one of `large`. */
async function workUntilDiagnostics(large: string, turns: number): Promise<number> {
  const work = countWork();
  const documents = createDocuments(TYPING_BUDGET);
  const [first, other] = [documents.open('file:///large.gmem', 1, large), 'file:///large.gmem'];
  void diagnose(first, () => undefined);
  documents.open(SMALL, 1, SETUP);
  for (let at = 0; at < turns; at++) await turn();
  const edited = documents.change(SMALL, 2, [{ text: `${SETUP}delete slot 0\n` }]);
  const before = work();
  const done = await new Promise<number>((resolve) => {
    void diagnose(edited, () => resolve(work() - before));
  });
  // Ends the work on the large document.
  documents.close(other);
  documents.change(SMALL, 3, [{ text: '' }]);
  await turn();
  return done;
}

describe('the diagnostics of a document, while another one is worked on', () => {
  afterEach(() => vi.restoreAllMocks());

  it.each(TEXTS)('wait for at most three slices of that work: $name', async ({ text }) => {
    const alone = await workUntilDiagnostics('', 0);
    for (const turns of [0, 1, 7, 40]) {
      const more = (await workUntilDiagnostics(text(300), turns)) - alone;
      expect(more).toBeLessThanOrEqual(3 * TYPING_BUDGET.slice);
    }
  });

  const ofMany = TEXTS.filter(({ name }) => name !== ONE_STATEMENT);

  it.each(ofMany)('and the pieces of that work are more, not longer, in a longer text: $name', ({ text }) => {
    const pieces = (count: number) => [...analysisInPieces(text(count))].length;
    expect(pieces(400)).toBeGreaterThan(1.8 * pieces(200));
  });
});
