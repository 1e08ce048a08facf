/** Figures in a document: as plain text in a block, or as an image beside it. */
import { ascii, type Figure, figureOfStep, isEdited, sealed, svg, unsealed } from '../figures';
import { type Checking, complain, fail, type RefusedFile, refer } from './checking';
import type { Request, Role } from './instructions';
import type { Image } from './parts';
import { ownStatements, type Source } from './sources';
import { type DifferingTexts, differingTexts } from './svg-texts';

type FigureRole = Extract<Role, { kind: 'figure' }>;

/** Index, in the whole text, of the statement to draw. Steps count the statements that readers see. */
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
  // For a file, draw the same figure as `gmemscope render`.
  if (source.file !== null) return figureOfStep(source.analysis, index, source.file, show);
  return figureOfStep(source.analysis, index, role.of ?? 'above', show, { place: [] });
}

/** The figure as plain text. */
export function figureText(checking: Checking, role: FigureRole, line: number): string {
  return ascii(figureOf(checking, role, line));
}

/** The class that `src/figures/svg` gives to the root element. */
const OWN_ROOT = /^\s*<svg\b[^>]*\bclass="gmem-figure"/;

/** Whether a file is a figure of this program, and not a picture that a person made. */
function isOwnFigure(text: string): boolean {
  return OWN_ROOT.test(text);
}

const NOT_OWN =
  'gmemscope did not draw this file, so `gmemscope doc update` does not overwrite it; remove it or name another file';

const EDITED =
  'it was edited after gmemscope drew it, so `gmemscope doc update` does not overwrite it; remove it to have it drawn again, or name another file';

/** What is wrong with the file of a figure, in a sentence; null where its texts say it. */
function sentenceOf(there: string | null | RefusedFile, texts: DifferingTexts): string | null {
  if (there === null) return 'there is no such file; `gmemscope doc update` draws it';
  if (typeof there !== 'string') return there.refused;
  if (!isOwnFigure(there)) return NOT_OWN;
  if (isEdited(there)) return EDITED;
  return texts.given.length + texts.wanted.length > 0
    ? null
    : 'its texts are right, but its shapes differ; `gmemscope doc update` redraws it';
}

export function checkImage(checking: Checking, { path, line }: Image, request: Request): void {
  const { role } = request;
  if (role.kind !== 'figure') return;
  checking.count++;
  if (!/\.svg$/i.test(path)) {
    complain(checking, line, path, 'a figure needs a file name that ends in `.svg`');
    return;
  }
  const drawing = sealed(svg(figureOf(checking, role, request.line ?? line)));
  const there = checking.readFile === null ? drawing : checking.readFile(path);
  // Files of earlier versions have no seal.
  if (there === drawing || there === unsealed(drawing)) return;
  const texts = differingTexts(typeof there === 'string' ? there : '', drawing);
  const sentence = sentenceOf(there, texts);
  if (sentence !== null) complain(checking, line, path, sentence);
  else {
    const sides = { expected: texts.given, actual: texts.wanted };
    checking.findings.push({ line, about: 'drawing', what: path, ...sides });
  }
  if (there === null || (typeof there === 'string' && isOwnFigure(there) && !isEdited(there))) {
    checking.files.push({ path, content: drawing });
    checking.rewritten.add(checking.count - 1);
  }
}
