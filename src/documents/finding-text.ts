/** The printed form of a finding. */
import type { Finding } from './checking';

/** Labels of the correct text, by what the finding concerns. */
const SAYS: Readonly<Record<Exclude<Finding['about'], 'scenario' | 'comment'>, string>> = {
  expectation: 'the simulator says',
  shown: 'the simulator says',
  drawing: 'the simulator says',
  file: 'the file says',
};

function sides(label: string, lines: readonly string[]): readonly string[] {
  const said = lines.length === 0 ? ['(nothing)'] : lines;
  return said.map((line, at) => `    ${at === 0 ? label : ' '.repeat(label.length)} ${line}`);
}

/** The document, the line, from 1, and what is there; below it the document's text and the correct one. */
export function findingText(
  file: string,
  { line, about, what, expected, actual }: Finding,
  paint: (what: string) => string = (plain) => plain,
): string {
  const head = `${file}:${line + 1}: ${paint(what)}`;
  if (about === 'scenario' || about === 'comment') return `${head}: ${actual.join(' ')}`;
  const document = 'the document says';
  const other = SAYS[about];
  const width = Math.max(document.length, other.length);
  return [head, ...sides(document.padEnd(width), expected), ...sides(other.padEnd(width), actual)].join('\n');
}
