import type { Analysis, Program, Span } from '../../language';

/** A scenario as the Test Explorer lists it. */
export interface ScenarioTest {
  /** The title; of scenarios that share one, all but the first have a number on a line below it. */
  readonly id: string;
  /** The title; of a file without blocks, empty. */
  readonly title: string;
  /** Behind its name: that nothing is claimed, or that it has errors. Screen readers read the name alone. */
  readonly remark: string;
  /** What its icons stand beside. */
  readonly span: Span;
  readonly program: Program;
}

export interface FileTests {
  /** A file without blocks is its only scenario; null where it has some. */
  readonly whole: ScenarioTest | null;
  readonly scenarios: readonly ScenarioTest[];
}

function remarkOn({ errors, statements }: Program): string {
  if (errors.length > 0) return ` (${errors.length === 1 ? 'an error' : `${errors.length} errors`})`;
  return statements.every(({ expected }) => expected === null) ? ' (claims nothing)' : '';
}

/** From the first statement to the last; in a file without any, its beginning. */
function spanOf({ block, statements }: Program): Span {
  if (block !== null) return block;
  const start = statements[0]?.statement.span.start ?? 0;
  return { start, end: statements.at(-1)?.statement.span.end ?? start };
}

/** The tests of a file. */
export function testsOf({ programs }: Analysis): FileTests {
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

/** The folders between the top of a workspace and a file in it, by their paths, outermost first. */
export function foldersBetween(top: string, file: string): readonly string[] {
  const under = file
    .slice(top.length)
    .split('/')
    .filter((part) => part !== '');
  return under.slice(0, -1).map((_, at) => `${top.replace(/\/$/, '')}/${under.slice(0, at + 1).join('/')}`);
}
