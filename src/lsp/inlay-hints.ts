import { type InlayHint, InlayHintKind } from 'vscode-languageserver';
import type { Keyword, Statement } from '../language';
import { gfnText, rangeText } from '../outcome';
import { slotById } from '../simulator/model/state-parts';
import type { Range } from '../simulator/ranges';
import type { State } from '../simulator/state';
import { askedFilePages, boundRanges, gfnRange, gfnsFrom, offsetRange } from './arithmetic';
import type { Scenario } from './documents';
import { type Rehearsal, statesAround } from './rehearsal';

/** Inlay hints: the gfns that a statement is about, behind it. */

function slotHint(statement: Statement): string | null {
  const gfns = gfnRange(statement);
  if (gfns === null) return null;
  const file = statement.names.file;
  const pages = askedFilePages(statement);
  if (file === undefined || pages === null) return gfnText(gfns);
  return `${gfnText(gfns)} = ${file.text} pages ${rangeText(pages)}`;
}

function fileRangeHint(statement: Statement, before: State): string | null {
  const bound = boundRanges(statement, before);
  if (bound.length === 0) return null;
  return bound.map(({ slot, ...gfns }) => `slot ${slot.id} ${gfnText(gfns)}`).join(' · ');
}

/** The gfns of pages of a slot's memory. */
function memoryHint(statement: Statement, before: State): string | null {
  const id = statement.numbers.slot?.value;
  const pages = offsetRange(statement);
  const slot = id === null || id === undefined ? undefined : slotById(before, Number(id));
  if (slot === undefined || pages === null) return null;
  const gfns: Range = { start: slot.baseGfn + pages.start, end: slot.baseGfn + pages.end };
  return pages.end > slot.pages ? null : gfnText(gfns);
}

function moveHint(statement: Statement, before: State): string | null {
  const id = statement.numbers.slot?.value;
  const slot = id === null || id === undefined ? undefined : slotById(before, Number(id));
  const gfns = slot === undefined ? null : gfnsFrom(statement, slot.pages);
  return gfns === null ? null : gfnText(gfns);
}

function rangeHint(statement: Statement): string | null {
  const gfns = gfnRange(statement);
  return gfns === null ? null : gfnText(gfns);
}

type Hint = (statement: Statement, before: State) => string | null;

const HINTS: Readonly<Partial<Record<Keyword, Hint>>> = {
  slot: slotHint,
  move: moveHint,
  convert: rangeHint,
  prefault: rangeHint,
  allocate: fileRangeHint,
  punch: fileRangeHint,
  'launch-update': rangeHint,
  psc: rangeHint,
  pvalidate: rangeHint,
  rmpadjust: rangeHint,
  rmpquery: rangeHint,
  rmpupdate: fileRangeHint,
  psmash: fileRangeHint,
  rmpread: fileRangeHint,
  discard: memoryHint,
};

function hintOf(statement: Statement, rehearsal: Rehearsal): string | null {
  if (!statement.wellFormed) return null;
  const { before } = statesAround(rehearsal, statement);
  return before === null ? null : (HINTS[statement.keyword]?.(statement, before) ?? null);
}

/** Hints of the statements that end in `[start, end]`, offsets of the text. */
export async function inlayHintsIn(scenario: Scenario, start: number, end: number): Promise<InlayHint[]> {
  const rehearsal = scenario.rehearsal();
  await rehearsal.finished;
  const { document, analysis } = scenario;
  return analysis().document.statements.flatMap((statement): InlayHint[] => {
    if (statement.span.end < start || statement.span.end > end) return [];
    const label = hintOf(statement, rehearsal);
    if (label === null) return [];
    const position = document.positionAt(statement.span.end);
    return [{ position, label, kind: InlayHintKind.Type, paddingLeft: true }];
  });
}
