import type { Span } from '../../language';
import { markdownCode, markdownText, type OutcomeTable, type Verdict } from '../../outcome';
import type { ScenarioDocument } from '../documents';
import type { Exploration } from './exploration';
import { raceText, verdictMessage } from './verdict-text';

/** What hovers say about the orders of a race, in Markdown. */

/** Rows of a table of outcomes that a hover shows. */
const MOST_ROWS = 20;

function cell(text: string): string {
  return markdownCode(text.replaceAll('|', '¦'));
}

/** The outcomes, one a row, with the number of final states that have each. */
function tableMarkdown({ columns, outcomes }: OutcomeTable): string {
  const titles = [...columns.map(({ title }) => cell(title)), 'final states'];
  const rows = outcomes
    .slice(0, MOST_ROWS)
    .map(({ values, states }) => [...values.map((value) => (value === '' ? '' : cell(value))), `${states}`]);
  const lines = [titles, titles.map(() => '---'), ...rows].map((cells) => `| ${cells.join(' | ')} |`);
  return lines.join('\n');
}

/** The verdict on a race, and its outcomes. */
export function raceFacts({ explorations }: ScenarioDocument, keywordSpan: Span): string[] {
  const exploration = explorations().races.find(
    ({ program }) => program.race.keywordSpan.start === keywordSpan.start,
  );
  const text = exploration === undefined ? null : raceText(exploration);
  if (exploration === undefined || text === null) return [];
  const verdict = `**${markdownText(text)}**`;
  const { result } = exploration;
  if (result === null || result.explored.result.finals.length === 0) return [verdict];
  const table = result.table();
  const left = table.outcomes.length - MOST_ROWS;
  return [verdict, tableMarkdown(table), ...(left > 0 ? [`${left} more outcomes`] : [])];
}

function verdictLine(verdict: Verdict): string {
  const { holds, quantifier, vacuous } = verdict;
  if (holds === null) return 'not decided: the search was not finished';
  if (!holds) return `✗ **failed**: ${verdictMessage(verdict)}`;
  if (vacuous !== null) return `✓ met: ${vacuous}`;
  return quantifier === 'sometimes' ? '✓ met in some order' : '✓ met in every order';
}

/** Whether the search of every order decides about an expectation, and how; in each scenario. */
export function verdictLines(races: readonly Exploration[], span: Span): string[] {
  const found = races.flatMap(({ result }) =>
    (result?.verdicts ?? []).filter(
      (verdict) => !verdict.implied && verdict.span.start <= span.start && span.end <= verdict.span.end,
    ),
  );
  return [...new Set(found.map(verdictLine))];
}
