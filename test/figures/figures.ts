/** Figures of scenarios, for the tests. */
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { type Figure, figureOfStep, findStep } from '../../src/figures';
import { type Analysis, analyze } from '../../src/language';

export const examples = path.resolve(import.meta.dirname, '../../examples');

/** The figure of the statement on a line; without one, of the last. */
export function figureOfText(text: string, step?: string, show: Figure['show'] = 'change'): Figure {
  return figureOfAnalysis(analyze(text), 'scenario.gmem', step, show);
}

export function figureOfExample(name: string, line: number, show: Figure['show'] = 'change'): Figure {
  const text = readFileSync(path.join(examples, name), 'utf8');
  return figureOfAnalysis(analyze(text), path.basename(name), `line:${line}`, show);
}

function figureOfAnalysis(
  analysis: Analysis,
  name: string,
  step: string | undefined,
  show: Figure['show'],
): Figure {
  const found = findStep(analysis.document, step);
  if ('problem' in found) throw new Error(found.problem);
  return figureOfStep(analysis, found.step, name, show);
}
