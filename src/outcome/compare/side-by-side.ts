/** The two sides of a diff: texts of two runs of a scenario that differ where the runs do. */
import {
  type Analysis,
  applyEdits,
  indexLines,
  type KernelChoice,
  kernelEdit,
  kernelText,
  type LineIndex,
  lineEnding,
  type Program,
  positionAt,
  scenarioOfProgram,
  type TextEdit,
} from '../../language';
import { elementAt } from '../../simulator';
import { markdownCode, markdownText } from '../text/markup';
import type { ComparedStatement } from './kernels';

/** A scenario that ran on two kernels. */
export interface KernelComparison {
  readonly kernels: readonly [KernelChoice, KernelChoice];
  readonly statements: readonly ComparedStatement[];
}

/** The indentation of a line. */
function indentationAt(text: string, lines: LineIndex, offset: number): string {
  const start = elementAt(lines.starts, positionAt(lines, offset).line);
  return /^[ \t]*/.exec(text.slice(start))?.[0] ?? '';
}

/** The offset of the end of the line, before the line break. */
function lineEnd(text: string, lines: LineIndex, line: number): number {
  const start = elementAt(lines.starts, line);
  const next = lines.starts[line + 1] ?? text.length;
  return start + text.slice(start, next).replace(/[\r\n]+$/, '').length;
}

/** The outcome below each statement, as comments, so that the result is a valid scenario. */
function outcomeEdits(
  text: string,
  statements: readonly ComparedStatement[],
  side: 'left' | 'right',
): readonly TextEdit[] {
  const lines = indexLines(text);
  const eol = lineEnding(text);
  const byLine = new Map<number, string>();
  for (const compared of statements) {
    const { span } = compared.statement.statement;
    const { line } = positionAt(lines, span.end);
    const indent = indentationAt(text, lines, span.start);
    const under = compared[side].lines.map((line) => `${eol}${indent}  # ${line}`).join('');
    byLine.set(line, (byLine.get(line) ?? '') + under);
  }
  return [...byLine].map(([line, newText]) => {
    const end = lineEnd(text, lines, line);
    return { span: { start: end, end }, newText };
  });
}

/** The text of the document for each kernel, with the outcomes of the program's statements below them. */
export function sideTexts(
  { document }: Pick<Analysis, 'document'>,
  program: Pick<Program, 'block'>,
  { kernels, statements }: KernelComparison,
): readonly [left: string, right: string] {
  const scenario = scenarioOfProgram(document, program);
  const textOf = (kernel: KernelChoice, side: 'left' | 'right') =>
    applyEdits(document.text, [
      kernelEdit(document, scenario, kernel),
      ...outcomeEdits(document.text, statements, side),
    ]);
  return [textOf(kernels[0], 'left'), textOf(kernels[1], 'right')];
}

const HEADS = {
  outcome: 'The kernels differ at this statement.',
  bits: 'Only bits of SPTEs differ.',
  order: 'Only the order of SPTE changes differs.',
} as const;

/** A line of the scenario whose statement differs. */
export interface DifferingLine {
  /** From 0. */
  readonly line0: number;
  readonly difference: keyof typeof HEADS;
  /** Both outcomes as Markdown. */
  readonly hover: string;
}

/** The lines whose statements differ, in the order of the statements. */
export function differingLines({ kernels, statements }: KernelComparison): readonly DifferingLine[] {
  return statements.flatMap(({ statement, difference, left, right }): DifferingLine[] => {
    if (difference === 'none') return [];
    const told = [left, right].flatMap(({ lines }, side) => [
      '',
      markdownCode(kernelText(elementAt(kernels, side))),
      '',
      ...lines.map((line) => `- ${markdownText(line)}`),
    ]);
    return [{ line0: statement.line - 1, difference, hover: [HEADS[difference], ...told].join('\n') }];
  });
}
