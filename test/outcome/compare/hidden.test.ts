import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { analyze, type KernelChoice } from '../../../src/language';
import { type ComparedStatement, compareKernels, statementOutcome } from '../../../src/outcome';
import { KNOBS } from '../../../src/simulator';
import { scenarios } from '../../generators/scenarios';
import { snpScenarios } from '../../generators/snp';

function kernel(text: string): KernelChoice {
  const [{ setup, errors }] = analyze(`kernel ${text}`).programs;
  expect(errors).toEqual([]);
  return setup;
}

/** What the sides say as data. Which frames there are does not count. */
function dataOf({ events, described, vmId }: ComparedStatement['left']): object {
  const { rmp, directMap, freedAssigned, ...rest } = statementOutcome(events, described, vmId);
  return {
    ...rest,
    rmp: rmp?.map(([, ...entry]) => entry),
    directMap: directMap?.map(([, pages]) => pages),
    freedAssigned: freedAssigned?.map(({ pages }) => pages),
  };
}

/** Statements that are said to do the same do the same, whatever a kernel differs in. */
function checkPair(text: string, left: string, right: string): void {
  for (const program of analyze(text).programs) {
    for (const compared of compareKernels(program, kernel(left), kernel(right))) {
      if (compared.difference !== 'none') continue;
      const { line } = compared.statement;
      expect({ line, data: dataOf(compared.right) }).toEqual({ line, data: dataOf(compared.left) });
      expect(compared.right.described.lines).toEqual(compared.left.described.lines);
    }
  }
}

const variants = KNOBS.flatMap(({ name, variants: all }) => all.map((variant) => `${name} ${variant.name}`));
const others = fc.constantFrom('linux-6.12', ...variants.map((variant) => `linux-7.3 with ${variant}`));

describe('a comparison hides nothing of the data', () => {
  it('in generated scenarios, whatever the other kernel is', () => {
    fc.assert(
      fc.property(scenarios({ maxStatements: 20 }), others, (text, other) =>
        checkPair(text, 'linux-7.3', other),
      ),
      { numRuns: 80 },
    );
  });

  it('in those of SEV-SNP guests', () => {
    fc.assert(
      fc.property(snpScenarios(), others, (text, other) => checkPair(text, 'linux-7.3', other)),
      { numRuns: 80 },
    );
  });
});
