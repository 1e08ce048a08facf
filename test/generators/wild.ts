import fc from 'fast-check';
import { type Part, partsOf, STATEMENTS, type StatementSpec, VM_TYPES } from '../../src/language';
import { RELEASED_KERNELS } from '../../src/simulator';

/**
 * Scenarios out of the table of statements, with numbers at the edges of what fits: most calls are refused,
 * and none may hurt.
 */

const EDGES = [0n, 1n, 4095n, 4096n, 0x200000n, 0x40000000n, (1n << 40n) - 4096n, 1n << 40n, 1n << 47n];
const ENDS = [(1n << 63n) - 1n, 1n << 63n, (1n << 64n) - 4096n, (1n << 64n) - 1n];

const numbers = fc.oneof(
  { weight: 4, arbitrary: fc.constantFrom(...EDGES, ...ENDS) },
  { weight: 2, arbitrary: fc.nat(2048).map((page) => BigInt(page) * 4096n) },
  { weight: 1, arbitrary: fc.bigInt({ min: 0n, max: (1n << 64n) - 1n }) },
);

function hex(value: bigint): string {
  return `0x${value.toString(16)}`;
}

/** Text of an argument, without its label. */
function value(part: Extract<Part, { kind: 'argument' }>): fc.Arbitrary<string> {
  switch (part.role) {
    case 'file':
      return fc.constantFrom('A', 'B');
    case 'slot':
      return fc.constantFrom('0', '1', '2', '32763', '32764', '65536', '0xffff_ffff');
    case 'vcpu':
    case 'vm-number':
      return fc.constantFrom('0', '1');
    case 'vmpl':
      return fc.constantFrom('0', '1', '3', '4', '255');
    case 'asid':
      return fc.constantFrom('0', '1', '2', '1006', '1007', '0xffff_ffff');
    case 'permissions':
      return fc.constantFrom('none', 'r', 'rw', 'rwus');
    case 'vm':
      return fc.constantFrom(...VM_TYPES.map(({ word }) => word));
    case 'count':
      return fc.constantFrom('1', '2');
    default:
      return numbers.map(hex);
  }
}

function written(part: Part): fc.Arbitrary<string> {
  switch (part.kind) {
    case 'argument':
      return value(part).map((text) => (part.label === null ? text : `${part.label} ${text}`));
    case 'choice':
    case 'one-of':
      return fc.constantFrom(...part.words.map(({ word }) => word));
    case 'either':
      return fc.oneof(written(part.labelled), written(part.bare));
    case 'flag':
      return fc.constant(part.word);
    case 'group':
      return fc.tuple(...part.parts.map(written)).map((texts) => texts.join(' '));
  }
}

function statement(spec: StatementSpec): fc.Arbitrary<string> {
  const options = partsOf(spec)
    .slice(spec.required.length)
    .map((option) => fc.option(written(option), { nil: '' }));
  return fc
    .tuple(...spec.required.map(written), ...options)
    .map((texts) => [spec.keyword, ...texts.filter((text) => text !== '')].join(' '));
}

const OTHERS: readonly string[] = ['kernel', 'race', 'task'];

/** Without the tasks of races, which need braces. */
const calls = STATEMENTS.filter(({ keyword }) => !OTHERS.includes(keyword)).map(statement);

/** Texts in which nearly anything may be asked of the kernel; some statements have errors. */
export function wildScenarios(vmTypes = VM_TYPES.map(({ word }) => word)): fc.Arbitrary<string> {
  return fc
    .tuple(
      fc.constantFrom(...RELEASED_KERNELS),
      fc.constantFrom(...vmTypes),
      fc.array(fc.oneof(...calls), { maxLength: 20 }),
    )
    .map(([kernel, vm, lines]) =>
      [`kernel ${kernel}`, `vm ${vm} vcpus 2`, 'gmem A size 4M', 'gmem B size 0x40000000', ...lines].join(
        '\n',
      ),
    );
}
