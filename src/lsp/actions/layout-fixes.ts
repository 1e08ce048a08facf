import { extentOf, occurrenceAt, type Rewrite, suffixed } from '../../language';
import {
  bytesOf,
  fileByName,
  type GmemFile,
  type HostedVm,
  pageOf,
  type Slot,
  slotById,
} from '../../simulator';
import { type Fix, type FixableFinding, quickFix } from './fix';
import { behindAllBindings, freeGfn, freePgoff } from './free-ranges';
import { movedTo, withNumber } from './rewriting';

/** Fixes for the slot layout: slots and bindings that overlap or exceed their file. */

/** Number of pages of the statement's slot: the requested size, or the current one. */
function pagesOf({ statement: { numbers } }: FixableFinding, { vm }: HostedVm): number | null {
  if (numbers.size?.value != null) return pageOf(numbers.size.value);
  const id = numbers.slot?.value;
  return id == null ? null : (slotById(vm, Number(id))?.pages ?? null);
}

/** `, after slot 0` if the page follows that slot. */
function behind(slots: readonly Slot[], page: number, endOf: (slot: Slot) => number | null): string {
  const neighbour = slots.find((slot) => endOf(slot) === page);
  return neighbour === undefined ? '' : `, after slot ${neighbour.id}`;
}

function overlapFix(problem: FixableFinding, at: HostedVm): readonly Fix[] {
  const { statement, scenario } = problem;
  const { gpa, slot } = statement.numbers;
  const pages = pagesOf(problem, at);
  if (gpa?.value == null || slot?.value == null || pages === null) return [];
  const gfn = freeGfn(at, Number(slot.value), pages, pageOf(gpa.value));
  if (gfn === null) return [];
  const text = scenario.document.getText();
  const extent = extentOf(statement);
  const rewrite =
    extent === null
      ? withNumber(text, statement, gpa, bytesOf(gfn))
      : movedTo(text, statement, extent, bytesOf(gfn));
  const where = behind(at.vm.slots, gfn, (other) => other.baseGfn + other.pages);
  return [quickFix(`Move to \`${rewrite.text}\`${where}`, rewrite.edits, true)];
}

/** Enlarges the file of the statement to `pages`, in the statement that created it. */
function enlarged({ scenario, statement }: FixableFinding, pages: number): Rewrite | null {
  const { file } = statement.names;
  const place = file === undefined ? null : occurrenceAt(scenario.analysis().symbols, file.span.start);
  const maker = place?.symbol.definition?.statement;
  const size = maker?.numbers.size;
  if (maker === undefined || size === undefined) return null;
  return withNumber(scenario.document.getText(), maker, size, bytesOf(pages));
}

function enlargingFix(problem: FixableFinding, file: GmemFile, pages: number): readonly Fix[] {
  const rewrite = enlarged(problem, pages);
  if (rewrite === null) return [];
  return [quickFix(`Make the file larger: \`gmem ${file.name} ${rewrite.text}\``, rewrite.edits)];
}

/** Binds the slot to unbound pages of the file; enlarges the file if there are none. */
function rebindingFix(problem: FixableFinding, at: HostedVm, file: GmemFile): readonly Fix[] {
  const { statement, scenario } = problem;
  const { offset } = statement.numbers;
  const pages = pagesOf(problem, at);
  if (offset?.value == null || pages === null) return [];
  const bound = (page: number) => withNumber(scenario.document.getText(), statement, offset, bytesOf(page));
  const free = freePgoff(file, pages, pageOf(offset.value));
  if (free !== null) {
    const { text, edits } = bound(free);
    const where = behind(at.vm.slots, free, ({ gmem, pages: length }) =>
      gmem?.file === file.id ? gmem.pgoff + length : null,
    );
    return [quickFix(`Bind at \`${text}\`${where}`, edits, true)];
  }
  const last = behindAllBindings(file);
  const { text, edits } = bound(last);
  const larger = enlarged(problem, last + pages);
  if (larger === null) return [];
  const size = suffixed(bytesOf(last + pages));
  return [quickFix(`Bind at \`${text}\`, in a file of \`${size}\``, [...edits, ...larger.edits])];
}

/** Shrinks the slot to the rest of the file. */
function shorteningFix({ statement, scenario }: FixableFinding, file: GmemFile): readonly Fix[] {
  const { size, offset } = statement.numbers;
  if (size?.value == null || offset?.value == null) return [];
  const left = bytesOf(file.pages) - offset.value;
  if (left <= 0n) return [];
  const rewrite = withNumber(scenario.document.getText(), statement, size, left);
  return [quickFix(`Make the slot smaller: \`${rewrite.text}\``, rewrite.edits)];
}

export function layoutFixes(problem: FixableFinding): readonly Fix[] {
  const { finding, statement, before } = problem;
  if (before === null) return [];
  const reason = finding.shown?.remark.reason;
  if (reason === 'slot-overlap') return overlapFix(problem, before);
  const file = fileByName(before.state, statement.names.file?.text ?? '');
  const { offset, size } = statement.numbers;
  if (file === null || offset?.value == null) return [];
  switch (reason) {
    case 'binding-overlap':
      return rebindingFix(problem, before, file);
    case 'binding-outside-file': {
      const pages = pagesOf(problem, before);
      if (pages === null) return [];
      return [...enlargingFix(problem, file, pageOf(offset.value) + pages), ...shorteningFix(problem, file)];
    }
    case 'beyond-file':
      return enlargingFix(problem, file, pageOf(offset.value + (size?.value ?? 4096n) + 4095n));
    default:
      return [];
  }
}
