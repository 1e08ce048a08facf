import { MAX_U64, type NumberNode, type NumberRole } from '../../language';
import type { Refusal } from '../../simulator';
import { type Fix, type FixableFinding, quickFix } from './fix';
import { withNumber } from './rewriting';

/** Fixes for misaligned sizes, offsets and addresses. */

const PAGE = 4096n;
/** Alignment of a four-byte access, so that it does not cross a page. */
const ACCESS = 4n;

/** The number that must be page-aligned. */
const UNALIGNED: Readonly<Partial<Record<Refusal, NumberRole>>> = {
  'size-unaligned': 'size',
  'gmem-size': 'size',
  'gpa-unaligned': 'gpa',
  'offset-unaligned': 'offset',
};

function aligned(problem: FixableFinding, node: NumberNode | undefined, unit: bigint): readonly Fix[] {
  const { scenario, statement } = problem;
  if (node?.value == null || node.value % unit === 0n) return [];
  const down = node.value - (node.value % unit);
  const up = down + unit;
  const text = scenario.document.getText();
  const isSize = statement.numbers.size === node;
  const fix = (how: string, value: bigint) => {
    const rewrite = withNumber(text, statement, node, value);
    return quickFix(`Align ${how}: \`${rewrite.text}\``, rewrite.edits);
  };
  return [
    ...(up > MAX_U64 ? [] : [fix('up', up)]),
    // A size must not be 0.
    ...(down === 0n && isSize ? [] : [fix('down', down)]),
  ];
}

export function alignmentFixes(problem: FixableFinding): readonly Fix[] {
  const { finding, statement } = problem;
  const reason = finding.shown?.remark.reason;
  const name = reason == null ? undefined : UNALIGNED[reason];
  if (name !== undefined) return aligned(problem, statement.numbers[name], PAGE);
  return finding.diagnostic.code === 'G114' ? aligned(problem, statement.numbers.gpa, ACCESS) : [];
}

/** The page sizes that instructions accept. */
export function pageSizeFixes({ finding, statement, scenario }: FixableFinding): readonly Fix[] {
  const { size } = statement.numbers;
  if (finding.diagnostic.code !== 'G117' || size === undefined || size.endsRange) return [];
  return [PAGE, 512n * PAGE].map((bytes) => {
    const rewrite = withNumber(scenario.document.getText(), statement, size, bytes);
    return quickFix(`Change to \`${rewrite.text}\``, rewrite.edits);
  });
}
