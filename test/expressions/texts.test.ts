import { describe, expect, it } from 'vitest';
import { textOf } from '../../src/dap/variables/values';
import {
  expressionAt,
  fillTemplate,
  helpText,
  isProblem,
  meetsHitCondition,
  parseHitCondition,
  parseTemplate,
  subjectAt,
  templateProblem,
} from '../../src/expressions';
import { parse } from '../../src/language';
import { contextAfter, PUNCHED } from './evaluation-context';

const context = contextAfter(PUNCHED, { gfns: { start: 0x90000, end: 0x90002 }, n: 3 });

describe('log messages', () => {
  it.each([
    ['plain', 'plain'],
    ['gfns {gfns}', 'gfns 0x90000..0x90002'],
    ['{n}{n}', '0x30x3'],
    ['{slot(1).gfns.count} pages', '256 pages'],
    ['{}', '{}'],
    ['{ }', '{ }'],
    ['{n', '{n'],
    ['n}', 'n}'],
    ['{{n}}', '{0x3}'],
    [
      '{nn} is not',
      '{Unknown name `nn`. Known names include A, B, slots, spte(…), seq; type `help` in the console for the full list.} is not',
    ],
    ['{1 +} is not', '{Expected a number, a name or a bracket, found the end.} is not'],
  ])('%j', (text, filled) => expect(fillTemplate(parseTemplate(text), context, textOf)).toContain(filled));

  it('are said to be wrong where they cannot be read', () => {
    expect(templateProblem(parseTemplate('a {n} b'))).toBeNull();
    expect(templateProblem(parseTemplate('a {n +} b'))!.problem).toContain('found the end');
  });
});

describe('hit counts', () => {
  it.each([
    ['3', [3]],
    ['= 3', [3]],
    ['== 3', [3]],
    ['>= 3', [3, 4, 5, 6]],
    ['> 3', [4, 5, 6]],
    ['<3', [1, 2]],
    ['<= n', [1, 2, 3]],
    ['!= 2', [1, 3, 4, 5, 6]],
    ['% 2', [2, 4, 6]],
    ['% (1 + 2)', [3, 6]],
  ])('%s', (text, hits) => {
    const condition = parseHitCondition(text);
    if (isProblem(condition)) throw new Error(condition.problem);
    expect([1, 2, 3, 4, 5, 6].filter((hit) => meetsHitCondition(condition, hit, context) === true)).toEqual(
      hits,
    );
  });

  it.each([
    ['', 'The expression is empty. Write a hit count such as 3, >= 3 or % 2.'],
    ['often', 'Unknown name `often`'],
    ['A', '`==` works'],
    ['% 0', 'Division by 0.'],
  ])('%j is wrong', (text, problem) => {
    const condition = parseHitCondition(text);
    const met = isProblem(condition) ? condition : meetsHitCondition(condition, 1, context);
    expect(typeof met === 'boolean' ? met : met.problem).toContain(
      problem.replace('`==` works', 'cannot be compared'),
    );
  });
});

describe('a place in a scenario', () => {
  /** What the marked place stands for, and in which text. */
  function at(marked: string, find: typeof expressionAt) {
    const offset = marked.indexOf('|');
    const text = marked.replace('|', '');
    const found = find(parse(text), offset);
    return found && `${found.expression} (${text.slice(found.span.start, found.span.end)})`;
  }

  it.each([
    ['slot |1 gpa 0 size 4K gmem A offset 0', 'slot(0x1) (1)'],
    ['slot 1 gpa 0x9000|0000 size 4K', 'page(0x90000000) (0x90000000)'],
    ['slot 1 gpa 0 size |2M', '0x200000 (2M)'],
    ['slot 1 gpa 0 size 4K gmem |A offset 0', 'A (A)'],
    ['slot 1 gpa 0 size 4K gmem A offset |1M', 'A.page(0x100000 / 4K) (1M)'],
    ['punch A offset 0x1ff|000 size 4K', 'A.page(0x1ff000 / 4K) (0x1ff000)'],
    ['discard slot 1 offset |4K size 4K', 'memory(0x1) (4K)'],
    ['fault vcpu |0 read gpa 0', 'vcpu(0x0) (0)'],
    ['vm sw-protected\nswitch vm |0', 'vm(0x0) (0)'],
    ['pu|nch A offset 0 size 4K', null],
    ['# no|thing', null],
    ['fault vcpu 0 re|ad gpa 0', null],
  ])('%s stands for %s', (marked, expected) => expect(at(marked, expressionAt)).toBe(expected));

  it.each([
    ['sl|ot 1 gpa 0 size 4K', 'slot(0x1) (slot 1 gpa 0 size 4K)'],
    ['slot 1 gpa |0x90000000 size 4K', 'page(0x90000000) (0x90000000)'],
    [
      'convert gpa 0x90000000 size |8K private',
      'gfns(0x90000000, 0x2000) (convert gpa 0x90000000 size 8K private)',
    ],
    ['fault vcpu |0 read gpa 0x1000', 'gfns(0x1000, 4K) (fault vcpu 0 read gpa 0x1000)'],
    ['punch |A offset 0 size 4K', 'A (A)'],
    ['clo|se A', 'A (close A)'],
    ['launch-fini|sh', null],
  ])('%s is about %s', (marked, expected) => expect(at(marked, subjectAt)).toBe(expected));
});

it('help lists every name once', () => {
  const lines = helpText().split('\n');
  expect(lines.filter((line) => /^ {2}slots /.test(line))).toHaveLength(1);
  expect(helpText()).toContain('rmp(pfn, [count])');
});
