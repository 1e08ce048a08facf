import type { Diagnostic } from './diagnostics';
import type { Span, Statement } from './tree';

/**
 * The statements in which a diagnostic starts.
 * @param spanOf The part of a statement that counts; the whole of it unless said otherwise.
 */
export function statementsIn(
  statements: readonly Statement[],
  diagnostics: readonly Diagnostic[],
  spanOf: (statement: Statement) => Span = ({ span }) => span,
): ReadonlySet<Statement> {
  const offsets = diagnostics.map(({ span }) => span.start).sort((a, b) => a - b);
  const found = new Set<Statement>();
  let next = 0;
  for (const statement of statements) {
    const { start, end } = spanOf(statement);
    while (next < offsets.length && offsets[next]! < start) next++;
    if (next < offsets.length && offsets[next]! < end) found.add(statement);
  }
  return found;
}
