import {
  hex,
  inMannerOf,
  insertionAbove,
  type NumberNode,
  nameProblem,
  occurrenceAt,
  partOf,
  suffixed,
} from '../../language';
import { bytesOf, type HostedVm, pageOf } from '../../simulator';
import { gfnRange } from '../arithmetic';
import { type Fix, type FixableFinding, quickFix } from './fix';
import { behindAllSlots, freeGfn, freeSlotId, withoutSlots } from './free-ranges';

/** Fixes that create what is missing: a file, a slot or a constant. */

/** Inserts a line above the statement. */
function created({ scenario, statement }: FixableFinding, line: string, what: string): Fix {
  const edit = insertionAbove(scenario.document.getText(), statement.span.start, line);
  return quickFix(`${what}: \`${line}\``, [edit]);
}

const HUGE = 512;

/** Number of pages, rounded up to whole huge pages, as a person would write it. */
function roomFor(bytes: bigint): number {
  return Math.max(1, Math.ceil(pageOf(bytes + 4095n) / HUGE)) * HUGE;
}

/** End of the range that a statement uses in a file or a slot's memory, in bytes. */
function reachOf({ statement: { numbers } }: FixableFinding): bigint {
  return (numbers.offset?.value ?? 0n) + (numbers.size?.value ?? 0n);
}

/** `gmem B size 2M`, as large as the statement needs. */
export function fileFixes(problem: FixableFinding): readonly Fix[] {
  const { finding, scenario } = problem;
  const { code, span } = finding.diagnostic;
  if (code !== 'G109') return [];
  const place = occurrenceAt(scenario.analysis().symbols, span.start);
  // A file created further down is not missing, and one named in an expectation is a typo.
  if (place === null || place.inExpectation || place.symbol.definition !== null) return [];
  const size = suffixed(bytesOf(roomFor(reachOf(problem))));
  return [created(problem, `gmem ${place.symbol.name} size ${size}`, 'Create it')];
}

/** Default gfn of guest memory. */
const USUAL_GFN = 0x80000;

function slotText(id: number, gfn: number, pages: number): string {
  return `slot ${id} gpa ${hex(bytesOf(gfn))} size ${suffixed(bytesOf(pages))}`;
}

/** Creates the slot that the statement names, where there is room. */
function namedSlot(problem: FixableFinding, at: HostedVm): readonly Fix[] {
  const id = problem.statement.numbers.slot?.value;
  if (id == null) return [];
  const pages = roomFor(reachOf(problem));
  const gfn = freeGfn(at, Number(id), pages, behindAllSlots(at.vm, USUAL_GFN));
  return gfn === null ? [] : [created(problem, slotText(Number(id), gfn, pages), 'Create it')];
}

/** Creates a slot for the first gfns of the statement without one. */
function slotForGfns(problem: FixableFinding, { vm }: HostedVm): readonly Fix[] {
  const gfns = gfnRange(problem.statement);
  const [missing] = gfns === null ? [] : withoutSlots(vm, gfns);
  if (missing === undefined) return [];
  const text = slotText(freeSlotId(vm), missing.start, missing.end - missing.start);
  return [created(problem, text, 'Create a slot there')];
}

export function slotFixes(problem: FixableFinding): readonly Fix[] {
  const { finding, before, statement } = problem;
  if (before === null) return [];
  if (finding.diagnostic.code === 'G112') return namedSlot(problem, before);
  const remark = finding.shown?.remark;
  if (statement.numbers.slot !== undefined) {
    return remark?.reason === 'unknown-slot' && statement.keyword !== 'slot'
      ? namedSlot(problem, before)
      : [];
  }
  return remark?.reason === 'unknown-slot' || remark?.errno === 'ENOENT' ? slotForGfns(problem, before) : [];
}

/** The number at a span. */
function numberAt({ statement, finding }: FixableFinding): NumberNode | undefined {
  const { span } = finding.diagnostic;
  return Object.values(statement.numbers).find(
    (node) => node.span.start <= span.start && span.end <= node.span.end,
  );
}

/** An example value for the number, from the table. */
function exampleValue(problem: FixableFinding): string {
  const node = numberAt(problem);
  const part = node === undefined ? null : partOf(problem.statement, node);
  const example = part?.example.split(' ').at(-1) ?? '0';
  if (node === undefined || part === null || !node.inPages) return example;
  return part.role === 'gpa' ? inMannerOf({ ...node, text: '0x' }, bytesOf(USUAL_GFN)) : '1';
}

/** `let base = 0x80000000`, for an unknown name. */
export function constantFixes(problem: FixableFinding): readonly Fix[] {
  const { code, span } = problem.finding.diagnostic;
  if (code !== 'G010') return [];
  const name = problem.scenario.document.getText().slice(span.start, span.end);
  // `base-4K` is not a name but a subtraction.
  if (nameProblem(name, 'constant') !== null) return [];
  return [created(problem, `let ${name} = ${exampleValue(problem)}`, 'Name it')];
}
