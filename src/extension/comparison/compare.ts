import type { CancellationToken, Uri } from 'vscode';
import { type Analysis, indexLines, type Program, positionAt } from '../../language';
import { type ComparedStatement, compareInSteps, inSlices, type KernelComparison } from '../../outcome';
import { elementAt } from '../../simulator';
import { analysisAt } from '../documents';
import { paceOf } from '../pace';
import type { KernelPair } from './ask-kernels';

/** A scenario with its outcomes on two kernels. */
export interface Compared {
  readonly analysis: Analysis;
  readonly program: Program;
  readonly comparison: KernelComparison;
}

/** Seconds after which a comparison gives up: the user is waiting for it. */
const LIMIT = 60;

/**
 * Runs a scenario on both kernels. Undefined if cancelled.
 * @param title Null for the only scenario of the file.
 * @throws Error that says why it cannot run, or that it takes too long.
 */
export async function compareScenario(
  uri: Uri,
  title: string | null,
  kernels: KernelPair,
  token: CancellationToken,
): Promise<Compared | undefined> {
  const analysis = await analysisAt(uri);
  const program = analysis.programs.find((candidate) => candidate.title === title);
  if (program === undefined) throw new Error(`the file no longer has a scenario "${title}"`);
  const [problem] = program.errors;
  if (problem !== undefined) {
    const { line } = positionAt(indexLines(analysis.document.text), problem.span.start);
    throw new Error(`the scenario cannot run: line ${line + 1}: ${problem.message}`);
  }
  const statements: ComparedStatement[] = [];
  const run = compareInSteps(program, ...kernels);
  const end = await inSlices(run, (compared) => statements.push(compared), paceOf(token, LIMIT));
  if (end === 'cancelled') return undefined;
  if (end === 'cut off') {
    const { line } = elementAt(program.statements, statements.length);
    throw new Error(`the scenario takes too long: it only reached line ${line} in ${LIMIT} seconds`);
  }
  return { analysis, program, comparison: { kernels, statements } };
}
