/** Figures in a document: as plain text in a block, or as an image beside it. */
import {
  ascii,
  drawSchedule,
  type Figure,
  figureOfStep,
  isEdited,
  type Schedule,
  scheduleAscii,
  scheduleSvg,
  sealed,
  svg,
  tooWide,
  unsealed,
} from '../figures';
import { type Checking, complain, fail, type RefusedFile, refer } from './checking';
import type { Request, Role } from './instructions';
import type { Image } from './parts';
import { ownStatements, type Source } from './sources';
import { type DifferingTexts, differingTexts } from './svg-texts';

type FigureRole = Extract<Role, { kind: 'figure' }>;
type ScheduleRole = Extract<Role, { kind: 'schedule' }>;

/** The block or the image is a figure. */
export type DrawnRole = FigureRole | ScheduleRole;

/** Index, in the whole text, of the statement to draw. Steps count the statements that readers see. */
function stepOf(source: Source, { step }: DrawnRole, line: number): number {
  const { first, count } = ownStatements(source);
  if (count === 0) return fail(line, 'the scenario has no statement');
  if (step !== null && step > count) return fail(line, `there is no step ${step}: the scenario has ${count}`);
  return first + (step ?? count) - 1;
}

/** The scenario to draw. */
function sourceOf(checking: Checking, { of }: DrawnRole, line: number): Source {
  const source = refer(checking, of, line);
  const [error] = source.analysis.programs[0].errors;
  return error === undefined ? source : fail(line, `the scenario has an error: ${error.message}`);
}

function figureOf(checking: Checking, role: FigureRole, line: number): Figure {
  const source = sourceOf(checking, role, line);
  const index = stepOf(source, role, line);
  const show = role.state ? 'state' : 'change';
  // For a file, draw the same figure as `gmemscope render`.
  if (source.file !== null) return figureOfStep(source.analysis, index, source.file, show);
  return figureOfStep(source.analysis, index, role.of ?? 'above', show, { place: [] });
}

function scheduleOf(checking: Checking, role: ScheduleRole, line: number): Schedule {
  const source = sourceOf(checking, role, line);
  const step = role.step === null ? null : stepOf(source, role, line);
  const { witness } = role;
  const isFile = source.file !== null;
  const found = drawSchedule(source.analysis, source.file ?? role.of ?? 'above', {
    step,
    witness,
    lines: isFile,
  });
  if ('problem' in found) return fail(line, found.problem);
  const problem = tooWide(found.schedule);
  return problem === null ? found.schedule : fail(line, problem);
}

/** The figure as plain text. */
export function figureText(checking: Checking, role: DrawnRole, line: number): string {
  return role.kind === 'schedule'
    ? scheduleAscii(scheduleOf(checking, role, line))
    : ascii(figureOf(checking, role, line));
}

function drawingOf(checking: Checking, role: DrawnRole, line: number): string {
  return role.kind === 'schedule'
    ? scheduleSvg(scheduleOf(checking, role, line))
    : svg(figureOf(checking, role, line));
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
  if (role.kind !== 'figure' && role.kind !== 'schedule') return;
  checking.count++;
  if (!/\.svg$/i.test(path)) {
    complain(checking, line, path, 'a figure needs a file name that ends in `.svg`');
    return;
  }
  const drawing = sealed(drawingOf(checking, role, request.line ?? line));
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
