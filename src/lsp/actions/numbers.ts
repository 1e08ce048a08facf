import {
  type Analysis,
  argumentsOf,
  asRange,
  asSize,
  inOtherUnit,
  insertionAbove,
  type NumberNode,
  nameProblem,
  numberFor,
  numberForms,
  pageLabel,
  partOf,
  type Rewrite,
  type Role,
  type Statement,
} from '../../language';
import type { Fix } from './fix';

/** Refactorings of a number: change its notation, or extract it as a constant. */

function rewriting({ text, edits }: Rewrite): Fix {
  return { title: `Write as \`${text}\``, kind: 'refactor.rewrite', edits };
}

/** Other notations of an address, a size, an offset, or the value of a constant. */
export function numberRefactorings(
  { document }: Analysis,
  statement: Statement,
  node: NumberNode,
): readonly Fix[] {
  const part = partOf(statement, node);
  if (part === null || (pageLabel(part) === null && part.role !== 'value')) return [];
  const whole = [
    inOtherUnit(statement, node),
    asRange(document, statement, node),
    asSize(document, statement, node),
  ].filter((rewrite) => rewrite !== null);
  return [...whole, ...numberForms(statement, node)].map(rewriting);
}

/** Default names of constants, in bytes and in pages. */
const NAMES: Readonly<Partial<Record<Role, readonly [string, string]>>> = {
  gpa: ['base', 'first'],
  size: ['length', 'count'],
  offset: ['start', 'index'],
};

function freeName({ symbols: { symbols } }: Analysis, wanted: string): string {
  const taken = new Set(symbols.map(({ name }) => name));
  const isFree = (name: string) => !taken.has(name) && nameProblem(name, 'constant') === null;
  let name = wanted;
  for (let number = 2; !isFree(name); number++) name = `${wanted}${number}`;
  return name;
}

/** All uses of the same number in the same role, where a constant above the statement is visible. */
function sameNumbers({ document }: Analysis, statement: Statement, node: NumberNode): readonly NumberNode[] {
  const part = partOf(statement, node);
  const block = document.blocks.find(({ statements }) => statements.includes(statement));
  const known = block?.statements ?? document.statements;
  return known
    .filter(({ span }) => span.start >= statement.span.start)
    .flatMap((other) =>
      argumentsOf(other.spec)
        .filter(({ role }) => role === part?.role)
        .flatMap(({ role }) => numberFor(other, role) ?? []),
    )
    .filter(({ text, inPages }) => text === node.text && inPages === node.inPages);
}

/** Adds `let base = 0x80000000` above the statement and replaces the number by its name, here or everywhere. */
export function constantRefactorings(
  analysis: Analysis,
  statement: Statement,
  node: NumberNode,
): readonly Fix[] {
  const part = partOf(statement, node);
  const names = part === null ? undefined : NAMES[part.role];
  // It is already a constant.
  if (names === undefined || node.value === null || node.constants.some(({ text }) => text === node.text))
    return [];
  const name = freeName(analysis, names[node.inPages ? 1 : 0]);
  const line = `let ${name} = ${node.text}`;
  const definition = insertionAbove(analysis.document.text, statement.span.start, line);
  const replacing = (nodes: readonly NumberNode[]) => [
    definition,
    ...nodes.map(({ span }) => ({ span, newText: name })),
  ];
  const all = sameNumbers(analysis, statement, node);
  const title = `Extract constant: \`${line}\``;
  const one: Fix = { title, kind: 'refactor.extract', edits: replacing([node]) };
  if (all.length < 2) return [one];
  const everywhere = `Extract constant, replacing all ${all.length} uses: \`${line}\``;
  return [one, { title: everywhere, kind: 'refactor.extract', edits: replacing(all) }];
}
