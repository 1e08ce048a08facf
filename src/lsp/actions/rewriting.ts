import {
  type Extent,
  extentOf,
  inMannerOf,
  type NumberNode,
  partOf,
  type Rewrite,
  type Role,
  type Statement,
} from '../../language';

/** Replaces numbers of statements, keeping their notation. */

function labelOf(text: string, { labels }: Statement, role: Role | null): string {
  const span = role === null ? undefined : labels[role];
  return span === undefined ? '' : `${text.slice(span.start, span.end)} `;
}

/** Replaces a number by `value`, in bytes. If a size is written as the end of a range, the end moves. */
export function withNumber(text: string, statement: Statement, node: NumberNode, bytes: bigint): Rewrite {
  const extent = extentOf(statement);
  if (node.endsRange && extent?.size === node) {
    const newText = inMannerOf(node, (extent.start.value ?? 0n) + bytes);
    return { text: `..${newText}`, edits: [{ span: node.span, newText }] };
  }
  const newText = inMannerOf(node, bytes);
  const label = labelOf(text, statement, partOf(statement, node)?.role ?? null);
  return { text: `${label}${newText}`, edits: [{ span: node.span, newText }] };
}

/** Moves a range to a new start, in bytes, keeping its length. */
export function movedTo(
  text: string,
  statement: Statement,
  { part, start, size }: Extent,
  bytes: bigint,
): Rewrite {
  const first = inMannerOf(start, bytes);
  const head = `${labelOf(text, statement, part.role)}${first}`;
  const edits = [{ span: start.span, newText: first }];
  if (!size.endsRange || size.value === null) return { text: head, edits };
  const end = inMannerOf(size, bytes + size.value);
  return { text: `${head}..${end}`, edits: [...edits, { span: size.span, newText: end }] };
}
