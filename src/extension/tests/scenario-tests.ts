import type { Analysis, Program, Span } from '../../language';

/** A scenario as the Test Explorer lists it. */
export interface ScenarioTest {
  /** The title; of scenarios that share one, all but the first have a number on a line below it. */
  readonly id: string;
  readonly label: string;
  /** `3 claims`. */
  readonly description: string;
  /** What its icons stand beside. */
  readonly span: Span;
  readonly program: Program;
}

export interface FileTests {
  /** A file without blocks is its only scenario; null where it has some. */
  readonly whole: ScenarioTest | null;
  readonly scenarios: readonly ScenarioTest[];
}

function counted(count: number, what: string): string {
  return `${count} ${what}${count === 1 ? '' : 's'}`;
}

function descriptionOf({ errors, statements }: Program): string {
  if (errors.length > 0) return counted(errors.length, 'error');
  const claims = statements.filter(({ expected }) => expected !== null).length;
  return claims === 0 ? 'claims nothing' : counted(claims, 'claim');
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
    const label = program.title ?? '';
    const count = (seen.get(label) ?? 0) + 1;
    seen.set(label, count);
    const id = count === 1 ? label : `${label}\n${count}`;
    return { id, label, description: descriptionOf(program), span: spanOf(program), program };
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
