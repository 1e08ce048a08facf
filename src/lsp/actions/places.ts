import { extentOf, type NumberNode, occurrenceAt, suffixed } from '../../language';
import { fileByName, slotById } from '../../simulator/model/state-parts';
import type { GmemFile, Slot, State } from '../../simulator/state';
import { bytesOf, pageOf } from '../../simulator/units';
import { type Fix, type Problem, quickFix } from './fix';
import { behindAllBindings, freeGfn, freePgoff } from './free-places';
import { movedTo, withNumber } from './rewriting';

/** Slots and bindings that are in each other's way, or reach out of their file. */

/** Pages of the slot that the statement is about: those that it asks for, or those that it has. */
function pagesOf({ statement: { numbers } }: Problem, state: State): number | null {
  if (numbers.size?.value != null) return pageOf(numbers.size.value);
  const id = numbers.slot?.value;
  return id == null ? null : (slotById(state, Number(id))?.pages ?? null);
}

/** `, behind slot 0` where that is so. */
function behind(slots: readonly Slot[], page: number, endOf: (slot: Slot) => number | null): string {
  const neighbour = slots.find((slot) => endOf(slot) === page);
  return neighbour === undefined ? '' : `, behind slot ${neighbour.id}`;
}

function overlapFix(problem: Problem, state: State): readonly Fix[] {
  const { statement, scenario } = problem;
  const { gpa, slot } = statement.numbers;
  const pages = pagesOf(problem, state);
  if (gpa?.value == null || slot?.value == null || pages === null) return [];
  const gfn = freeGfn(state, Number(slot.value), pages, pageOf(gpa.value));
  if (gfn === null) return [];
  const text = scenario.document.getText();
  const extent = extentOf(statement);
  const rewrite =
    extent === null
      ? withNumber(text, statement, gpa, bytesOf(gfn))
      : movedTo(text, statement, extent, bytesOf(gfn));
  const where = behind(state.slots, gfn, (other) => other.baseGfn + other.pages);
  return [quickFix(`Move to \`${rewrite.text}\`${where}`, rewrite.edits, true)];
}

/** The number that says how large a file is, where it was made. */
function fileSize({ scenario, statement }: Problem): NumberNode | null {
  const { file } = statement.names;
  const place = file === undefined ? null : occurrenceAt(scenario.analysis().symbols, file.span.start);
  return place?.symbol.definition?.statement.numbers.size ?? null;
}

/** Makes the file as large as `pages` need it. */
function enlarged(problem: Problem, file: GmemFile, pages: number): readonly Fix[] {
  const size = fileSize(problem);
  const made = occurrenceAt(
    problem.scenario.analysis().symbols,
    problem.statement.names.file?.span.start ?? -1,
  );
  const maker = made?.symbol.definition?.statement;
  if (size === null || maker === undefined) return [];
  const rewrite = withNumber(problem.scenario.document.getText(), maker, size, bytesOf(pages));
  return [quickFix(`Make the file larger: \`gmem ${file.name} ${rewrite.text}\``, rewrite.edits)];
}

/** Binds the slot to pages of the file that no other slot is bound to; in a larger file where there are none. */
function rebound(problem: Problem, state: State, file: GmemFile): readonly Fix[] {
  const { statement, scenario } = problem;
  const { offset } = statement.numbers;
  const pages = pagesOf(problem, state);
  if (offset?.value == null || pages === null) return [];
  const text = scenario.document.getText();
  const free = freePgoff(file, pages, pageOf(offset.value));
  if (free !== null) {
    const rewrite = withNumber(text, statement, offset, bytesOf(free));
    const where = behind(state.slots, free, ({ gmem, pages: length }) =>
      gmem?.file === file.id ? gmem.pgoff + length : null,
    );
    return [quickFix(`Bind at \`${rewrite.text}\`${where}`, rewrite.edits, true)];
  }
  const last = behindAllBindings(file);
  const rewrite = withNumber(text, statement, offset, bytesOf(last));
  const [larger] = enlarged(problem, file, last + pages);
  if (larger === undefined || !Array.isArray(larger.edits)) return [];
  const size = suffixed(bytesOf(last + pages));
  const title = `Bind at \`${rewrite.text}\`, in a file of \`${size}\``;
  return [quickFix(title, [...rewrite.edits, ...larger.edits])];
}

/** Makes the slot as small as what is left of the file. */
function shortened({ statement, scenario }: Problem, file: GmemFile): readonly Fix[] {
  const { size, offset } = statement.numbers;
  if (size?.value == null || offset?.value == null) return [];
  const left = bytesOf(file.pages) - offset.value;
  if (left <= 0n) return [];
  const rewrite = withNumber(scenario.document.getText(), statement, size, left);
  return [quickFix(`Make the slot smaller: \`${rewrite.text}\``, rewrite.edits)];
}

export function placeFixes(problem: Problem): readonly Fix[] {
  const { finding, statement, before } = problem;
  if (before === null) return [];
  const reason = finding.shown?.remark.reason;
  if (reason === 'slot-overlap') return overlapFix(problem, before);
  const file = fileByName(before, statement.names.file?.text ?? '');
  const { offset, size } = statement.numbers;
  if (file === null || offset?.value == null) return [];
  switch (reason) {
    case 'binding-overlap':
      return rebound(problem, before, file);
    case 'binding-outside-file': {
      const pages = pagesOf(problem, before);
      if (pages === null) return [];
      return [...enlarged(problem, file, pageOf(offset.value) + pages), ...shortened(problem, file)];
    }
    case 'beyond-file':
      return enlarged(problem, file, pageOf(offset.value + (size?.value ?? 4096n) + 4095n));
    default:
      return [];
  }
}
