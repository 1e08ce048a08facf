import { MAX_U64, type NumberNode, type NumberRole } from '../../language';
import type { Refusal } from '../../simulator/events';
import { type Fix, type Problem, quickFix } from './fix';
import { withNumber } from './rewriting';

/** Sizes, offsets and addresses that are no multiples of what they have to be. */

const PAGE = 4096n;
/** What an access of four bytes has to be a multiple of so that it crosses no page. */
const ACCESS = 4n;

/** The number that has to be a multiple of a page. */
const UNALIGNED: Readonly<Partial<Record<Refusal, NumberRole>>> = {
  'size-unaligned': 'size',
  'gmem-size': 'size',
  'gpa-unaligned': 'gpa',
  'offset-unaligned': 'offset',
};

function aligned(problem: Problem, node: NumberNode | undefined, unit: bigint): readonly Fix[] {
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
    // Nothing has a size of 0.
    ...(down === 0n && isSize ? [] : [fix('down', down)]),
  ];
}

export function alignmentFixes(problem: Problem): readonly Fix[] {
  const { finding, statement } = problem;
  const reason = finding.shown?.remark.reason;
  const name = reason == null ? undefined : UNALIGNED[reason];
  if (name !== undefined) return aligned(problem, statement.numbers[name], PAGE);
  return finding.diagnostic.code === 'G114' ? aligned(problem, statement.numbers.gpa, ACCESS) : [];
}

/** The page sizes that instructions take. */
export function pageSizeFixes({ finding, statement, scenario }: Problem): readonly Fix[] {
  const { size } = statement.numbers;
  if (finding.diagnostic.code !== 'G117' || size === undefined || size.endsRange) return [];
  return [PAGE, 512n * PAGE].map((bytes) => {
    const rewrite = withNumber(scenario.document.getText(), statement, size, bytes);
    return quickFix(`Change to \`${rewrite.text}\``, rewrite.edits);
  });
}
