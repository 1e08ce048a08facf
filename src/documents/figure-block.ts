/** Figures in a document: as plain text in a block, or as an image beside it. */
import type { Program } from '../language';
import { type Checking, fail, refer } from './checking';
import type { Request, Role } from './instructions';
import type { Image } from './parts';
import type { Source } from './sources';

/** The program and the step that a figure is of. */
function stepOf({ analysis }: Source, step: number | null, line: number): { program: Program; step: number } {
  const [program] = analysis.programs;
  const count = program.statements.length;
  if (count === 0) return fail(line, 'the scenario makes no call');
  if (step !== null && step > count) return fail(line, `there is no step ${step}: the scenario has ${count}`);
  return { program, step: (step ?? count) - 1 };
}

export function figureOf(checking: Checking, role: Extract<Role, { kind: 'figure' }>, line: number) {
  const source = refer(checking, role.of, line);
  const { program, step } = stepOf(source, role.step, line);
  return checking.figure(program, step, role.state);
}

export function checkImage(checking: Checking, image: Image, request: Request): void {
  const { role } = request;
  if (role.kind !== 'figure') return;
  checking.count++;
  const { svg } = figureOf(checking, role, request.line ?? image.line);
  if (checking.readFile(image.path) === svg) return;
  const message = 'it is not what the simulator draws, or it is not there';
  checking.findings.push({ line: image.line, what: image.path, expected: [], actual: [message] });
  checking.files.push({ path: image.path, content: svg });
}
