import type { Analysis, Program, Span } from '../../language';

/** A scenario as the Test Explorer lists it. */
export interface ScenarioTest {
  /** The title; scenarios with the same title, except the first, get a number on a line below it. */
  readonly id: string;
  /** The title; empty for a file without blocks. */
  readonly title: string;
  /** Shown after its name: that it has no expectations, or that it has errors. Screen readers read the name alone. */
  readonly remark: string;
  /** The line that shows its icon. */
  readonly span: Span;
  readonly program: Program;
}

export interface FileTests {
  /** A file without blocks is a single scenario; null if it has several, or no statement to run. */
  readonly whole: ScenarioTest | null;
  readonly scenarios: readonly ScenarioTest[];
}

function remarkOn({ errors, statements }: Program): string {
  if (errors.length > 0) return ` (${errors.length === 1 ? 'an error' : `${errors.length} errors`})`;
  return statements.every(({ expected }) => expected === null) ? ' (no expectations)' : '';
}

/** From the first statement to the last; the beginning of a file without any. */
function spanOf({ block, statements }: Program): Span {
  if (block !== null) return block;
  const start = statements[0]?.statement.span.start ?? 0;
  return { start, end: statements.at(-1)?.statement.span.end ?? start };
}

/** The tests of a file. */
export function testsOf({ document, programs }: Analysis): FileTests {
  if (document.statements.length === 0) return { whole: null, scenarios: [] };
  const seen = new Map<string, number>();
  const tests = programs.map((program): ScenarioTest => {
    const title = program.title ?? '';
    const count = (seen.get(title) ?? 0) + 1;
    seen.set(title, count);
    const id = count === 1 ? title : `${title}\n${count}`;
    return { id, title, remark: remarkOn(program), span: spanOf(program), program };
  });
  const [first] = tests;
  return first?.program.title === null ? { whole: first, scenarios: [] } : { whole: null, scenarios: tests };
}

/** The folders between a workspace folder and a file in it, by path, outermost first. */
export function foldersBetween(top: string, file: string): readonly string[] {
  const under = file
    .slice(top.length)
    .split('/')
    .filter((part) => part !== '');
  return under.slice(0, -1).map((_, at) => `${top.replace(/\/$/, '')}/${under.slice(0, at + 1).join('/')}`);
}
