import { type FoldingRange, FoldingRangeKind } from 'vscode-languageserver';
import type { TextDocument } from 'vscode-languageserver-textdocument';
import type { Block, CommentNode, Document, Span } from '../language';
import { firstOf, lastOf } from '../simulator';
import type { ScenarioDocument } from './documents';

/** Folding ranges: blocks, multi-line statements, regions, and consecutive comment lines. */

/** Same as in language-configuration.json, for editors that do not read it. */
const REGION = /^#\s*region\b/;
const END_REGION = /^#\s*endregion\b/;

interface Folder {
  readonly document: TextDocument;
  readonly foldsLines: boolean;
}

function fold({ document, foldsLines }: Folder, span: Span, kind?: FoldingRangeKind): FoldingRange[] {
  const [start, end] = [document.positionAt(span.start), document.positionAt(span.end)];
  if (start.line >= end.line) return [];
  const characters = foldsLines ? {} : { startCharacter: start.character, endCharacter: end.character };
  return [
    { startLine: start.line, endLine: end.line, ...characters, ...(kind === undefined ? {} : { kind }) },
  ];
}

/** A block without the line of its closing brace, which stays visible. */
function blockFold(folder: Folder, text: string, { header, body, closed }: Block): FoldingRange[] {
  const before = text.slice(0, body.end - 1).trimEnd().length;
  const end = closed ? before : body.end;
  return fold(folder, { start: folder.foldsLines ? header.span.start : body.start + 1, end });
}

/** Whether a comment is alone on its line. */
function isAlone({ document }: Folder, { span }: CommentNode): boolean {
  const { line } = document.positionAt(span.start);
  const lineStart = { line, character: 0 };
  return document.getText({ start: lineStart, end: document.positionAt(span.start) }).trim() === '';
}

function regionFolds(folder: Folder, comments: readonly CommentNode[]): FoldingRange[] {
  const open: CommentNode[] = [];
  return comments.flatMap((comment) => {
    if (REGION.test(comment.text)) open.push(comment);
    if (!END_REGION.test(comment.text)) return [];
    const start = open.pop();
    if (start === undefined) return [];
    return fold(folder, { start: start.span.start, end: comment.span.end }, FoldingRangeKind.Region);
  });
}

function commentFolds(folder: Folder, comments: readonly CommentNode[]): FoldingRange[] {
  const runs: CommentNode[][] = [];
  const lineOf = (comment: CommentNode) => folder.document.positionAt(comment.span.start).line;
  for (const comment of comments) {
    const last = runs.at(-1)?.at(-1);
    if (last !== undefined && lineOf(comment) === lineOf(last) + 1) lastOf(runs).push(comment);
    else runs.push([comment]);
  }
  return runs.flatMap((run) =>
    fold(folder, { start: firstOf(run).span.start, end: lastOf(run).span.end }, FoldingRangeKind.Comment),
  );
}

function foldsOf(folder: Folder, { text, braced, statements, comments }: Document): FoldingRange[] {
  const alone = comments.filter((comment) => isAlone(folder, comment));
  const isMarker = (comment: CommentNode) => REGION.test(comment.text) || END_REGION.test(comment.text);
  return [
    ...braced.flatMap((block) => blockFold(folder, text, block)),
    ...statements.flatMap(({ span }) => fold(folder, span)),
    ...regionFolds(folder, alone),
    ...commentFolds(
      folder,
      alone.filter((comment) => !isMarker(comment)),
    ),
  ].sort((a, b) => a.startLine - b.startLine);
}

export function foldingRanges({ document, analysis }: ScenarioDocument, foldsLines: boolean): FoldingRange[] {
  return foldsOf({ document, foldsLines }, analysis().document);
}
