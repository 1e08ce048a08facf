import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { analyze, type Program } from '../../../src/language';
import { describe as describeOutcome, type Executed, recordOf, runScenario } from '../../../src/outcome';
import { schemaErrors } from '../../generators/json-schema';
import { scenarios } from '../../generators/scenarios';
import { snpScenarios } from '../../generators/snp';
import { wildScenarios } from '../../generators/wild';

/** Numbers that a phrase begins a range with, or names: those behind `..` follow from the number of pages. */
function numbersIn(text: string): readonly string[] {
  return [...text.matchAll(/(?<!\.\.)\b0x[0-9a-f]+/g)].map(([number]) => number);
}

/** Phrases with numbers that the JSON has in another form: what is written in a scenario, and flags of an ioctl. */
const OTHERWISE: ReadonlySet<string> = new Set(['failed-expectations', 'result', 'exit', 'quiet']);

/** The text and the JSON of a statement say the same. */
function checkExecuted(program: Program, executed: Executed): void {
  const record = recordOf('a.gmem', program, executed);
  const { parts, verdicts } = describeOutcome(executed.statement, executed.events, executed);
  expect(schemaErrors('run', JSON.parse(JSON.stringify(record)))).toEqual([]);
  expect(record.verdicts).toEqual(verdicts);
  const printed = JSON.stringify(record);
  for (const { kind, text, json } of parts) {
    if ('has' in json) expect(record, text).toHaveProperty(json.has);
    if ('adds' in json) for (const key of Object.keys(json.adds)) expect(record, text).toHaveProperty(key);
    if (OTHERWISE.has(kind)) continue;
    for (const number of numbersIn(text)) expect(printed, text).toMatch(new RegExp(`${number}\\b`));
  }
}

function checkText(text: string): void {
  for (const program of analyze(text).programs) {
    for (const executed of runScenario(program)) checkExecuted(program, executed);
  }
}

const examples = path.resolve(import.meta.dirname, '../../../examples');

describe('the JSON says what the text says', () => {
  it.each(
    readdirSync(examples, { recursive: true, encoding: 'utf8' })
      .filter((name) => name.endsWith('.gmem'))
      .sort(),
  )('in %s', (name) => checkText(readFileSync(path.join(examples, name), 'utf8')));

  it('in generated scenarios', () => {
    fc.assert(fc.property(scenarios({ maxStatements: 20 }), checkText), { numRuns: 60 });
  });

  it('in generated scenarios of SEV-SNP guests', () => {
    fc.assert(fc.property(snpScenarios(), checkText), { numRuns: 60 });
  });

  it('in scenarios of any statements', () => {
    fc.assert(fc.property(wildScenarios(), checkText), { numRuns: 60 });
  });
});

/** Parts that name gfns in the page tables. */
const IN_ROOTS: ReadonlySet<string> = new Set(['zapped', 'mapped', 'rewrote', 'mmio', 'stale']);

describe('the root of a leaf', () => {
  type WithRoot = { readonly root?: 'mirror' | 'direct' };

  /** Texts and records that name the root, and that do not. */
  function checkRoots(text: string): void {
    for (const program of analyze(text).programs) {
      for (const executed of runScenario(program)) {
        const hasTwo = executed.after.vms[executed.vmId]?.type === 'tdx';
        const record = recordOf('a.gmem', program, executed);
        const { zapped = [], lost = [], mapped = [], rewrote = [], mmio = [], stale = [], access } = record;
        const leaves = [...zapped, ...lost].flatMap((zap): readonly WithRoot[] => zap.leaves);
        const records: readonly WithRoot[] = [...leaves, ...mapped, ...rewrote, ...mmio, ...stale];
        for (const one of [...records, ...(access === undefined ? [] : [access])]) {
          expect('root' in one, text).toBe(hasTwo);
        }
        for (const part of describeOutcome(executed.statement, executed.events, executed).parts) {
          const isNamed = /\b(mirror|direct) /.test(part.text);
          const names = IN_ROOTS.has(part.kind) || part.text.startsWith('no fault: ');
          if (names && !part.text.includes('all roots')) expect(isNamed, part.text).toBe(hasTwo);
        }
      }
    }
  }

  it('is said of each leaf of a TDX guest, and of no other', () => {
    for (const name of [
      'bugs/prefault-shared-root',
      'tdx/two-roots',
      'tdx/mmio',
      'tdx/accept',
      'bugs/range-math',
    ])
      checkRoots(readFileSync(path.join(examples, `${name}.gmem`), 'utf8'));
    fc.assert(fc.property(wildScenarios(), checkRoots), { numRuns: 60 });
  });
});

/** The record of a statement of a scenario. @param line From 1. */
function recordAt(text: string, line: number) {
  const [program] = analyze(text).programs;
  const executed = [...runScenario(program)].find(({ statement }) => statement.line === line);
  return recordOf('a.gmem', program, executed!);
}

const FILE = `vm sw-protected vcpus 2
gmem A size 4M
slot 0 gpa 0x80000000 size 2M gmem A offset 2M
convert gpa 0x80000000 size 2M private
prefault vcpu 0 gpa 0x80000000 size 8K
`;

describe('as data', () => {
  it('has what a bug does: no slot zapped, a page freed, a stale mapping', () => {
    const record = recordAt(
      `kernel linux-7.3 with range-math shifted\n${FILE}punch A offset 2M size 4K\n`,
      7,
    );
    expect(record).toMatchObject({
      verdicts: ['STALE'],
      freed: [{ file: 'A', page: '0x200', pages: 1 }],
      stale: [{ gfn: '0x80000', pages: 1, why: 'freed' }],
    });
    expect(record).not.toHaveProperty('zapped');
  });

  it('has the reason of a refusal, and the slot that is in the way', () => {
    expect(recordAt(`${FILE}slot 1 gpa 0x80000000 size 4K\n`, 6)).toMatchObject({
      result: 'EEXIST',
      refused: { reason: 'slot-overlap', slot: 0 },
    });
  });

  it('has the lock of a call that is blocked, by name', () => {
    const text = `${FILE}punch A offset 2M size 4K until PH3 as hole\npunch A offset 2M size 4K as other\ncontinue hole\ncontinue other\n`;
    expect(recordAt(text, 6)).toMatchObject({ result: 'suspended', suspended: { step: 'PH3' } });
    expect(recordAt(text, 7)).toMatchObject({
      result: 'blocked',
      waitsFor: [{ call: null, lock: { kind: 'invalidate_lock', file: 'A' } }],
    });
  });
});
