/** Figures in a document: as plain text in a block, or as an image beside it. */
import { ascii, type Figure, figureOfStep, svg } from '../figures';
import { type Checking, fail, refer } from './checking';
import type { Request, Role } from './instructions';
import type { Image } from './parts';
import { ownStatements, type Source } from './sources';

type FigureRole = Extract<Role, { kind: 'figure' }>;

/** The statement that is meant, by its index in the whole text. Steps are counted as readers count them, in what they see. */
function stepOf(source: Source, { step }: FigureRole, line: number): number {
  const { first, count } = ownStatements(source);
  if (count === 0) return fail(line, 'the scenario has no statement');
  if (step !== null && step > count) return fail(line, `there is no step ${step}: the scenario has ${count}`);
  return first + (step ?? count) - 1;
}

function figureOf(checking: Checking, role: FigureRole, line: number): Figure {
  const source = refer(checking, role.of, line);
  const [error] = source.analysis.programs[0].errors;
  if (error !== undefined) return fail(line, `the scenario has an error: ${error.message}`);
  const index = stepOf(source, role, line);
  const show = role.state ? 'state' : 'change';
  // Of a file it is the figure that `gmemscope render` makes of it.
  if (source.file !== null) return figureOfStep(source.analysis, index, source.file, show);
  return figureOfStep(source.analysis, index, role.of ?? 'above', show, { place: [] });
}

/** The figure as plain text. */
export function figureText(checking: Checking, role: FigureRole, line: number): string {
  return ascii(figureOf(checking, role, line));
}

export function checkImage(checking: Checking, image: Image, request: Request): void {
  const { role } = request;
  if (role.kind !== 'figure') return;
  checking.count++;
  const drawing = svg(figureOf(checking, role, request.line ?? image.line));
  if (checking.readFile === null || checking.readFile(image.path) === drawing) return;
  const message = 'it is not what the simulator draws, or it is not there';
  checking.findings.push({
    line: image.line,
    about: 'file',
    what: image.path,
    expected: [],
    actual: [message],
  });
  checking.files.push({ path: image.path, content: drawing });
}
