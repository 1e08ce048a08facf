import { annotatedLines, type ShownScenario, type Source } from '../../documents';
import { figureOfStep, LEAST_WIDTH, svg } from '../../figures';
import {
  type Analysis,
  analyze,
  capped,
  classifyTokens,
  indexLines,
  positionAt,
  type TokenClass,
} from '../../language';
import { escapeXml, stepScenario, withoutAnnotations } from '../../outcome';
import { elementAt } from '../../simulator';

/**
 * A scenario as the Markdown preview shows it: with the outcome of each statement, and a figure. All text is escaped.
 */

/** Kernel steps for all scenarios of a preview, which is rendered again while the user types. */
export interface Budget {
  left: number;
}

export const PREVIEW_BUDGET = 10_000;

/** CSS classes of tokens, with colours in media/preview.css: VS Code's own are unreadable in some themes. */
const CLASSES: Readonly<Partial<Record<TokenClass, string>>> = {
  keyword: 'gmem-keyword',
  label: 'gmem-label',
  number: 'gmem-number',
  slot: 'gmem-number',
  title: 'gmem-title',
  expectation: 'gmem-expectation',
  choice: 'gmem-choice',
  variant: 'gmem-choice',
  flag: 'gmem-choice',
};

interface Stretch {
  readonly start: number;
  readonly end: number;
  readonly name: string;
}

/** The text from an offset on, with its tokens in elements. */
function colouredText(analysis: Analysis, from: number): string {
  const { text, comments } = analysis.document;
  const words = classifyTokens(analysis).flatMap(({ span, class: kind }): readonly Stretch[] => {
    const name = CLASSES[kind];
    return name === undefined ? [] : [{ ...span, name }];
  });
  const remarks = comments.map(({ span }): Stretch => ({ ...span, name: 'gmem-comment' }));
  let at = from;
  let html = '';
  for (const { start, end, name } of [...words, ...remarks].sort((a, b) => a.start - b.start)) {
    if (start < at) continue;
    html += `${escapeXml(text.slice(at, start))}<span class="${name}">${escapeXml(text.slice(start, end))}</span>`;
    at = end;
  }
  return html + escapeXml(text.slice(at));
}

function codeOf(text: string, before: string): string {
  const analysis = analyze(before + text, 'block');
  return `<pre><code>${colouredText(analysis, before.length)}</code></pre>`;
}

/** The errors of a scenario; line numbers are its own, from 1. */
function problemsOf(
  { document, diagnostics }: Analysis,
  before: string,
  fragment: boolean,
): readonly string[] {
  const wrong = (fragment ? document.diagnostics : diagnostics).filter(
    ({ severity }) => severity === 'error',
  );
  const lines = indexLines(document.text);
  const first = before.split('\n').length - 1;
  return capped(wrong).map(({ span, message, code }) => {
    const line = positionAt(lines, span.start).line - first + 1;
    return `${line > 0 ? `line ${line}` : 'in a scenario it continues'}: ${message} (${code})`;
  });
}

/** Subtracts the cost of a scenario from the budget; false if the budget is too small. */
function affords({ programs }: Analysis, budget: Budget): boolean {
  for (const program of programs) {
    for (const _ of stepScenario(program)) if (budget.left-- <= 0) return false;
  }
  return true;
}

function listOf(problems: readonly string[]): string {
  return `<ul class="gmem-problems">${problems.map((one) => `<li>${escapeXml(one)}</li>`).join('')}</ul>`;
}

function figureIn(source: Source): string {
  const { statements } = source.analysis.document;
  const last = statements.length - 1;
  if (last < 0 || elementAt(statements, last).span.start < source.before.length) return '';
  const figure = figureOfStep(source.analysis, last, 'above', 'change', { place: [] });
  return `<div class="gmem-drawing">${svg(figure, { bare: true, width: LEAST_WIDTH })}</div>`;
}

/** @param budget Reduced by the steps that were run. */
export function scenarioHtml({ before, text, fragment, figured }: ShownScenario, budget: Budget): string {
  const own = withoutAnnotations(text);
  const whole: Source = { before, text: own, line: 0, file: null, analysis: analyze(before + own, 'block') };
  const problems = problemsOf(whole.analysis, before, fragment);
  if (problems.length > 0) return codeOf(text, before) + listOf(problems);
  if (fragment) return codeOf(text, before);
  if (!affords(whole.analysis, budget)) {
    const why =
      'This scenario takes too long for a preview. Run `gmemscope run --annotate` in a terminal instead.';
    return codeOf(text, before) + listOf([why]);
  }
  const annotated = annotatedLines(whole).join('\n');
  return codeOf(annotated, before) + (figured ? '' : figureIn(whole));
}
