import { describe, expect, test } from 'vitest';
import {
  type CompletionItem,
  type CompletionList,
  type DocumentSymbol,
  type FoldingRange,
  type Hover,
  type MarkupContent,
  type SignatureHelp,
  SymbolKind,
} from 'vscode-languageserver';
import { analyze, classifyTokens, enclosingSpans } from '../../src/language';
import { ask } from './client';

const SETUP = 'gmem A size 64K\n';
const RACE = `race {
  task vcpu0 repeats {
    close A => sometimes ok
  }
  task vmm {
    punch A offset 0 size 4K
  }
} => never STALE, never oops
`;

async function proposed(marked: string): Promise<CompletionItem[]> {
  const { found } = await ask<CompletionList>(SETUP + marked, 'completion');
  return found.items;
}

const labels = async (marked: string) => (await proposed(marked)).map(({ label }) => label);

const QUANTIFIERS = ['always', 'never', 'sometimes'];
const VIOLATIONS = ['STALE', 'WARN', 'oops', 'deadlock', 'livelock', 'violation'];

describe('completion', () => {
  test.each([
    ['only tasks directly in a race', 'race {\n  |', ['task']],
    ['a task after another', 'race {\n  task a {\n    close A\n  }\n  |', ['task']],
    ['the option of a task', 'race { task a |', ['repeats']],
    ['no name of a task', 'race { task |', []],
    ['the arrow of a race', `${RACE.split(' =>')[0]} |`, ['=>']],
    ['what a race expects', `${RACE.split('never')[0]}|`, ['never', 'sometimes']],
    ['what is behind a quantifier', `${RACE.split('STALE')[0]}|`, VIOLATIONS],
    ['what is behind a comma', `${RACE.split('never oops')[0]}|`, ['never', 'sometimes']],
    ['no `until` or `as` in a task', 'race { task a { close A |', ['=>']],
  ])('%s', async (_what, marked, expected) => {
    expect(await labels(marked)).toEqual(expected);
  });

  test.each([
    [
      'calls in a task',
      'race {\n  task a {\n    |',
      ['punch', 'fault'],
      ['gmem', 'vm', 'let', 'continue', 'race'],
    ],
    ['a race outside', '|', ['race', 'scenario'], ['task']],
    ['no task in a scenario', 'scenario "x" {\n  |', ['race', 'gmem'], ['task']],
    [
      'what a task sees',
      'race { task a { close A => |',
      [...QUANTIFIERS, 'ok', 'EINVAL', 'exit', 'retried'],
      ['zapped', 'WARN', 'suspended', 'freed'],
    ],
    ['everything behind a race', `${RACE}close A => |`, [...QUANTIFIERS, 'ok', 'zapped', 'WARN'], []],
    ['everything behind a quantifier', `${RACE}close A => never |`, ['ok', 'zapped'], QUANTIFIERS],
    ['no quantifier without a race', 'close A => |', ['ok', 'zapped'], QUANTIFIERS],
  ])('%s', async (_what, marked, has, hasNot) => {
    const found = await labels(marked);
    expect(found).toEqual(expect.arrayContaining(has));
    expect(found.filter((label) => hasNot.includes(label))).toEqual([]);
  });
});

describe('hover', () => {
  test.each([
    [
      'race',
      'ra|ce {',
      /^\*\*holds in every order · \d+ states\*\*\n\n\| [\s\S]*\n---\n\n```gmem\nrace \{ … \}\n```\n\nCalls that may run at the same time/,
    ],
    ['task', 'ta|sk vcpu0', /^```gmem\ntask NAME \[repeats\] \{ … \}/],
    ['repeats', 'rep|eats', /^The task makes its calls again and again/],
    ['a quantifier of a call', 'some|times', /^Must hold in at least one order/],
    [
      'what it is about',
      'sometimes o|k',
      /How the call ends; with `oops`, the kernel itself stops\.(?!.*met)/,
    ],
    ['a quantifier of the race', 'nev|er', /^Must not hold in any order/],
    ['a violation', 'STA|LE', /^A mapping remains/],
    ['one without a quantifier', 'oo|ps', /^The kernel itself stops/],
  ])('of %s', async (_what, place, expected) => {
    const { found } = await ask<Hover>(SETUP + RACE.replace(place.replace('|', ''), place), 'hover');
    expect((found.contents as MarkupContent).value).toMatch(expected);
  });
});

describe('the structure', () => {
  test('the outline has the tasks in the race, and the calls in the tasks', async () => {
    const { found } = await ask<DocumentSymbol[]>(`|${SETUP}${RACE}close A`, 'documentSymbol');
    const outline = (symbols: readonly DocumentSymbol[]): unknown[] =>
      symbols.map(({ name, kind, children }) => (children ? [name, kind, outline(children)] : [name, kind]));
    expect(outline(found)).toEqual([
      ['gmem A', SymbolKind.File],
      [
        'race',
        SymbolKind.Namespace,
        [
          ['task vcpu0', SymbolKind.Function, [['close', SymbolKind.Event]]],
          ['task vmm', SymbolKind.Function, [['punch', SymbolKind.Event]]],
        ],
      ],
      ['close', SymbolKind.Event],
    ]);
  });

  test('the race and its tasks fold', async () => {
    const lines = { textDocument: { foldingRange: { lineFoldingOnly: true } } };
    const { found } = await ask<FoldingRange[]>(`|${RACE}`, 'foldingRange', {}, lines);
    expect(found).toEqual([
      { startLine: 0, endLine: 6 },
      { startLine: 1, endLine: 2 },
      { startLine: 4, endLine: 5 },
    ]);
  });

  test('a selection grows from a call to its task and its race', () => {
    const { document } = analyze(RACE);
    const spans = enclosingSpans(document, RACE.indexOf('punch')).map(({ start, end }) =>
      RACE.slice(start, end).replaceAll(/\s+/g, ' ').trim(),
    );
    expect(spans.map((text) => text.split(' ').slice(0, 2).join(' '))).toEqual([
      ...['punch', 'punch A', 'punch A', '{ punch', 'task vmm', 'task vcpu0', '{ task', 'race {', 'race {'],
    ]);
  });

  test('each kind of word has its own token type', () => {
    const analysis = analyze(RACE);
    const tokens = classifyTokens(analysis).map(
      ({ span, class: kind }) => `${RACE.slice(span.start, span.end)} ${kind}`,
    );
    expect(tokens).toEqual([
      ...['race keyword', 'task keyword', 'vcpu0 call', 'repeats flag'],
      ...['close keyword', 'A file', '=> operator', 'sometimes flag', 'ok expectation'],
      ...['task keyword', 'vmm call', 'punch keyword', 'A file'],
      ...['offset label', '0 number', 'size label', '4K number'],
      ...['=> operator', 'never flag', 'STALE expectation', ', operator', 'never flag', 'oops expectation'],
    ]);
  });

  test('the signature of a task', async () => {
    const { found } = await ask<SignatureHelp>('race { task a |', 'signatureHelp');
    expect(found.signatures.map(({ label }) => label)).toEqual(['task NAME [repeats] { … }']);
  });
});
