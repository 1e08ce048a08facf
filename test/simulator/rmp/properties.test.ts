import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { analyze } from '../../../src/language';
import { runScenario } from '../../../src/outcome';
import { violations } from '../../../src/simulator/invariants';
import { snpScenarios } from '../../generators/snp';

/** The host's own instructions can break what KVM keeps: the invariants are about guests, VMM and KVM. */
function withoutHostInstructions(text: string): string {
  return text
    .split('\n')
    .filter((line) => !/^(rmpupdate|psmash)\b/.test(line))
    .join('\n');
}

describe('random SEV-SNP scenarios', () => {
  it('keep the invariants after every statement', () => {
    fc.assert(
      fc.property(snpScenarios(), (text) => {
        const [program] = analyze(withoutHostInstructions(text)).programs;
        for (const { statement, after } of runScenario(program)) {
          expect(violations(after), `line ${statement.line} of\n${text}`).toEqual([]);
        }
      }),
      { numRuns: 300 },
    );
  });

  it('never stop the simulator, whatever the host does to the RMP', () => {
    fc.assert(
      fc.property(snpScenarios(), (text) => {
        const executed = [...runScenario(analyze(text).programs[0])];
        for (const { after } of executed) expect(after.tasks).toEqual([]);
      }),
      { numRuns: 200 },
    );
  });
});
