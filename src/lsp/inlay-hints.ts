import { type InlayHint, InlayHintKind } from 'vscode-languageserver';
import {
  countedValue,
  extentOf,
  hex,
  isComputed,
  type NumberNode,
  partOf,
  type Span,
  type Statement,
  suffixed,
} from '../language';
import { filePagesText, gfnText } from '../outcome';
import { type HostedVm, type Range, type Slot, slotById } from '../simulator';
import { askedFilePages, boundRanges, gfnRange, gfnsFrom, offsetRange } from './arithmetic';
import { reached, statesAround } from './background-run/background-run';
import type { ScenarioDocument } from './documents';
import type { Explorations } from './races/exploration';
import { exploredWithin, type Patience } from './races/patience';
import { raceText } from './races/verdict-text';
import type { Settings } from './settings';

/** Inlay hints: the gfns of a statement, after its call, the values of its numbers, and the verdict on a race. */

type Wanted = Settings['inlayHints'];

/** A hint after an offset. */
interface Hint {
  readonly offset: number;
  readonly label: string;
}

function slotOf({ numbers }: Statement, { vm }: HostedVm): Slot | undefined {
  const id = numbers.slot?.value;
  return id === null || id === undefined ? undefined : slotById(vm, Number(id));
}

/** Whether the statement already shows its gfns, in numbers or in expressions with their own hints. */
function saysGfns(statement: Statement, { values }: Wanted): boolean {
  const extent = extentOf(statement);
  if (extent === null) return false;
  const { start, size } = extent;
  const isPlain = !isComputed(start) && !isComputed(size);
  return start.inPages && size.endsRange && (isPlain || values);
}

/** The gfns of a slot, and the file pages it is bound to. */
function slotHint(statement: Statement, wanted: Wanted): string | null {
  const gfns = gfnRange(statement);
  if (gfns === null) return null;
  const { file } = statement.names;
  const pages = wanted.bindings ? askedFilePages(statement) : null;
  const own = wanted.gfns && !saysGfns(statement, wanted) ? gfnText(gfns) : null;
  const shown = pages === null || file === undefined ? null : `= ${file.text} ${filePagesText([pages])}`;
  const parts = [own, shown].filter((part) => part !== null);
  return parts.length === 0 ? null : parts.join(' ');
}

/** The gfns of a file range in each slot. */
function fileRangeHint(statement: Statement, before: HostedVm): string | null {
  const bound = boundRanges(statement, before.state);
  if (bound.length === 0) return null;
  return bound.map(({ slot, ...gfns }) => `slot ${slot.id} ${gfnText(gfns)}`).join(' · ');
}

/** The gfns of pages of a slot's memory. */
function memoryHint(statement: Statement, before: HostedVm): string | null {
  const pages = offsetRange(statement);
  const slot = slotOf(statement, before);
  if (slot === undefined || pages === null) return null;
  const gfns: Range = { start: slot.baseGfn + pages.start, end: slot.baseGfn + pages.end };
  return pages.end > slot.pages ? null : gfnText(gfns);
}

function moveHint(statement: Statement, before: HostedVm): string | null {
  const slot = slotOf(statement, before);
  const gfns = slot === undefined ? null : gfnsFrom(statement, slot.pages);
  return gfns === null ? null : gfnText(gfns);
}

function rangeHint(statement: Statement, wanted: Wanted): string | null {
  const gfns = gfnRange(statement);
  return gfns === null || saysGfns(statement, wanted) ? null : gfnText(gfns);
}

/** The hint for the object of a statement, from its numbers and names: a slot, or a range of a file, of a slot's memory or of gfns. */
function rangesHint(statement: Statement, before: HostedVm, wanted: Wanted): string | null {
  const { numbers, names } = statement;
  const { slot, gpa, size, offset } = numbers;
  if (slot !== undefined && gpa !== undefined && size !== undefined) return slotHint(statement, wanted);
  if (slot !== undefined && gpa !== undefined) return wanted.gfns ? moveHint(statement, before) : null;
  if (slot !== undefined && offset !== undefined && size !== undefined) {
    return wanted.bindings ? memoryHint(statement, before) : null;
  }
  if (names.file !== undefined && offset !== undefined && slot === undefined) {
    return wanted.bindings ? fileRangeHint(statement, before) : null;
  }
  return gpa !== undefined && size !== undefined && wanted.gfns ? rangeHint(statement, wanted) : null;
}

/** The value of an expression, in the usual notation of its role. */
function valueText(statement: Statement, node: NumberNode): string | null {
  const value = countedValue(statement, node);
  if (value === null) return null;
  const { role } = partOf(statement, node) ?? {};
  if (role === 'size' && !node.endsRange) return node.inPages ? String(value) : suffixed(value);
  return role === 'gpa' || role === 'offset' || role === 'size' || role === 'value'
    ? hex(value)
    : String(value);
}

/** Hints for single numbers: the value of an expression, and the size of a range. */
function numberHints(statement: Statement, wanted: Wanted): Hint[] {
  return Object.values(statement.numbers).flatMap((node): Hint[] => {
    const value = wanted.values && isComputed(node) ? valueText(statement, node) : null;
    const size = wanted.sizes && node.endsRange && node.value !== null ? suffixed(node.value) : null;
    const parts = [value === null ? null : `= ${value}`, size].filter((part) => part !== null);
    return parts.length === 0 ? [] : [{ offset: node.span.end, label: parts.join(' · ') }];
  });
}

function hintsOf(statement: Statement, before: HostedVm | null, wanted: Wanted): Hint[] {
  if (!statement.wellFormed) return [];
  const ranges = before === null ? null : rangesHint(statement, before, wanted);
  // Before the arrow: after it, the hint would look like part of the expectation.
  const behind = ranges === null ? [] : [{ offset: statement.callSpan.end, label: ranges }];
  return [...numberHints(statement, wanted), ...behind];
}

/** What the orders of races do, each behind its expectation. */
function raceHints({ races }: Explorations, { races: wanted }: Wanted): Hint[] {
  if (!wanted) return [];
  const seen = new Set<number>();
  return races.flatMap((exploration): Hint[] => {
    const { end } = exploration.program.race.span;
    const label = raceText(exploration);
    // Scenarios share a race above them.
    if (label === null || seen.has(end)) return [];
    seen.add(end);
    return [{ offset: end, label }];
  });
}

/** The hints of statements that touch a span. */
export async function inlayHintsIn(
  scenario: ScenarioDocument,
  within: Span,
  wanted: Wanted,
  { most, onLate }: Patience,
): Promise<InlayHint[]> {
  const { document, analysis } = scenario;
  const backgroundRun = scenario.backgroundRun();
  const statements = analysis().document.statements.filter(
    ({ span }) => span.end >= within.start && span.start <= within.end,
  );
  const last = statements.at(-1);
  if (last !== undefined && !(await reached(backgroundRun, last, most))) {
    void backgroundRun.finished.then(() => !scenario.isOutdated() && onLate());
  }
  const explorations = scenario.explorations();
  if (wanted.races) await exploredWithin(scenario, explorations, { most, onLate });
  return statements
    .flatMap((statement) => hintsOf(statement, statesAround(backgroundRun, statement).before, wanted))
    .concat(raceHints(explorations, wanted))
    .filter(({ offset }) => offset >= within.start && offset <= within.end)
    .map(({ offset, label }) => ({
      position: document.positionAt(offset),
      label,
      kind: InlayHintKind.Type,
      paddingLeft: true,
    }));
}
