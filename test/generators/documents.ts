import fc from 'fast-check';
import { isSilent, parse, printExpectations, printStatement, type Statement } from '../../src/language';
import { expectations } from './expectations';
import { scenarios } from './scenarios';
import { snpScenarios } from './snp';

/**
 * Documents with all that a language has beside its calls: blocks, constants, page labels and ranges, outcomes, comments
 * and broken lines. Read, they have no errors of syntax; whether what they expect is so is another matter.
 */

interface Style {
  readonly inPages: boolean;
  readonly asRange: boolean;
  readonly withConstant: boolean;
  readonly outcome: string | null;
  readonly broken: boolean;
  readonly comment: boolean;
}

const style: fc.Arbitrary<Style> = fc.record({
  inPages: fc.boolean(),
  asRange: fc.boolean(),
  withConstant: fc.boolean(),
  outcome: fc.option(expectations().map(printExpectations), { freq: 2 }),
  broken: fc.boolean(),
  comment: fc.boolean(),
});

const PAGE = 4096n;

/** `gpa 0x80000000 size 2M` in another way of saying it. */
function restyled(text: string, statement: Statement, { inPages, asRange, withConstant }: Style): string {
  const { gpa, size, offset } = statement.numbers;
  const [label, pages] = gpa === undefined ? ['offset', 'pgoff'] : ['gpa', 'gfn'];
  const start = gpa ?? offset;
  if (start?.value == null || size?.value == null || size.span.start < start.span.end) return text;
  const aligned = start.value % PAGE === 0n && size.value % PAGE === 0n;
  const unit = inPages && aligned ? PAGE : 1n;
  const from = start.value / unit;
  const name = withConstant ? `nought + 0x${from.toString(16)}` : `0x${from.toString(16)}`;
  const sized = aligned && inPages ? `pages ${size.value / PAGE}` : `size ${size.value}`;
  const isRange = asRange && size.value > 0n && start.span.end + ' size '.length === size.span.start;
  const range = isRange ? `${name}..0x${(from + size.value / unit).toString(16)}` : name;
  const head = `${unit === PAGE ? pages : label} ${range}`;
  const before = text.slice(0, start.span.start - label.length - 1);
  const rest = isRange ? '' : ` ${text.slice(start.span.end + 1, size.span.start - 'size '.length)}${sized}`;
  return `${before}${head}${rest}${text.slice(size.span.end)}`;
}

function line(statement: Statement, { outcome, broken, comment, ...how }: Style): string {
  const plain = printStatement(statement);
  const styled = restyled(plain, parse(plain).statements[0]!, { outcome, broken, comment, ...how });
  const separator = comment ? ', # so\n    ' : ',\n  ';
  const expected = broken ? outcome?.replaceAll(', ', separator) : outcome;
  const end = comment ? ' # what it does' : '';
  return isSilent(statement.keyword) || expected == null
    ? `${styled}${end}`
    : `${styled} => ${expected}${end}`;
}

/** The lines as a race of two tasks, and one line behind it. */
function race(lines: readonly string[], { repeats, quantifier, expectation }: Race): readonly string[] {
  const [behind = 'close A', ...calls] = lines.map((text) => text.replace(' => ', ` => ${quantifier}`));
  const half = Math.ceil(calls.length / 2);
  return [
    'race { # any order',
    `task vcpu0 ${repeats ? 'repeats ' : ''}{`,
    ...calls.slice(0, half),
    '}',
    'task vmm {',
    ...calls.slice(half),
    '  # the last',
    `} # of the second`,
    `} ${expectation}`,
    behind,
  ];
}

interface Race {
  readonly repeats: boolean;
  readonly quantifier: string;
  readonly expectation: string;
}

const races: fc.Arbitrary<Race> = fc.record({
  repeats: fc.boolean(),
  quantifier: fc.constantFrom('', 'always ', 'never ', 'sometimes '),
  expectation: fc.constantFrom(
    ...['', '=> never STALE', '=> sometimes WARN,\n  oops # so', '# above\n=> always  deadlock ,violation'],
  ),
});

/** Texts of documents; `parse` finds nothing wrong with them. */
export function documents(): fc.Arbitrary<string> {
  return fc
    .record({
      text: fc.oneof(scenarios({ maxStatements: 12 }), snpScenarios({ meddling: true })),
      styles: fc.array(style, { minLength: 1, maxLength: 12 }),
      blocks: fc.nat(3),
      blank: fc.nat(5),
      racing: fc.option(races, { freq: 2 }),
    })
    .map(({ text, styles, blocks, blank, racing }) => {
      const [kernel, ...rest] = parse(text).statements.map((statement, at) =>
        line(statement, styles[at % styles.length]!),
      );
      const whole = (lines: readonly string[]) => (racing === null ? lines : race(lines, racing));
      const first = rest.slice(0, Math.ceil(rest.length / (blocks + 1)));
      // A race above blocks is part of every scenario.
      const shared = blocks === 0 ? whole(first) : first;
      const own = Array.from({ length: blocks }, (_, at) => {
        const count = Math.ceil(rest.length / (blocks + 1));
        const lines = whole(rest.slice(count * (at + 1), count * (at + 2)));
        return [`scenario "number ${at}" { # ${at}`, ...lines, '}'].join('\n');
      });
      const gap = '\n'.repeat(1 + (blank > 3 ? 2 : 0));
      return `${[kernel, 'let nought = 0', ...shared, ...own].join(gap)}\n`;
    });
}
