import { describe, expect, test } from 'vitest';
import type { CompletionItem, Hover, MarkupContent } from 'vscode-languageserver';
import { ask, openMarked, textIn } from './client';

const HEAD = `vm sw-protected vcpus 2
gmem A size 1M
slot 0 gpa 0x80000000 size 1M gmem A offset 0
convert gpa 0x80000000 size 1M private
`;

async function complaints(source: string): Promise<string[]> {
  const { client, text, diagnostics } = await openMarked(HEAD + source);
  client.dispose();
  return diagnostics.map(({ code, range, message }) => `${code} @${textIn(text, range)}: ${message}`);
}

async function hover(marked: string): Promise<string> {
  const { found } = await ask<Hover>(HEAD + marked, 'hover');
  return (found.contents as MarkupContent).value;
}

describe('what running shows of calls that run against each other', () => {
  test.each([
    [
      'never gone on with',
      'punch A offset 0 size 4K until PH3 as hole',
      [
        'G207 @punch A offset 0 size 4K until PH3 as hole: the call is still suspended at the end of the scenario: `continue hole` resumes it',
      ],
    ],
    ['gone on with', 'punch A offset 0 size 4K until PH3 as hole\ncontinue hole', []],
    [
      'not stopped where it should be',
      'punch A offset 0 size 4K until U2 as hole',
      [
        'G208 @punch A offset 0 size 4K until U2 as hole: the call returns without reaching U2, so it does not suspend',
      ],
    ],
    [
      'gone on with too often',
      'punch A offset 0 size 4K until PH3 as hole\ncontinue hole\ncontinue hole',
      ['G208 @continue hole: `hole` has already returned: there is no call to resume'],
    ],
    ['one that waits for it, and nobody names', 'close A until R2 as last\ndelete slot 0\ncontinue last', []],
    [
      'expected to wait, and it does not',
      'close A => blocked on slots_lock',
      ['G206 @blocked on slots_lock: expect'],
    ],
  ])('%s', async (_what, text, expected) => {
    const found = await complaints(text);
    expect(found).toHaveLength(expected.length);
    expected.forEach((one, at) => {
      expect(found[at]!.slice(0, 30)).toBe(one.slice(0, 30));
    });
  });
});

describe('hovers and completion', () => {
  test('of a step: what it does, and where', async () => {
    expect(await hover('punch A offset 0 size 4K until P|H3 as hole')).toBe(
      '**PH3** of `kvm_gmem_punch_hole`\n\nremove and free the pages',
    );
  });

  test('of a call that goes on: where it stands, and what it holds', async () => {
    expect(await hover('punch A offset 0 size 4K until PH3 as hole\ncontinue ho|le')).toBe(
      '**`hole`** is suspended before PH3 of `kvm_gmem_punch_hole`\n\nholds the invalidate_lock of A',
    );
  });

  const STANDS =
    '**`hole`** is suspended before PH3 of `kvm_gmem_punch_hole`\n\nholds the invalidate_lock of A\n\n';

  test.each([
    ['until PH3 as h|ole\ncontinue hole until PH4\ncontinue hole => ok', `${STANDS}resumed in lines 6, 7`],
    ['until PH3 as h|ole\ncontinue hole', `${STANDS}resumed in line 6`],
    ['until PH3 as h|ole', `${STANDS}never resumed: add \`continue hole\``],
    ['until CG1 as h|ole\ncontinue hole', '`hole` returns here: it is not suspended\n\nresumed in line 6'],
  ])('of a call where it gets its name: punch … %s', async (marked, expected) => {
    expect(await hover(`punch A offset 0 size 4K ${marked}`)).toBe(expected);
  });

  const stepsAt = async (marked: string) => {
    const abilities = { textDocument: { completion: { completionItem: { labelDetailsSupport: true } } } };
    const { found } = await ask<{ items: CompletionItem[] }>(HEAD + marked, 'completion', {}, abilities);
    return found.items;
  };
  const PUNCHED = 'PH1 PH2 PH3 PH4 PH5';

  test.each([
    ['of this call, in its order', 'punch A offset 0 size 4K until |', PUNCHED],
    ['of one that is complete', 'punch A offset 0 size 4K until | as hole', PUNCHED],
    ['of one that goes on', 'punch A offset 0 size 4K until PH3 as hole\ncontinue hole until |', 'PH4 PH5'],
  ])('the steps %s', async (_what, marked, expected) => {
    const labels = (await stepsAt(marked)).map(({ label }) => label);
    expect(labels.filter((label) => label.startsWith('PH')).join(' ')).toBe(expected);
    expect(labels).not.toContain('CG1');
  });

  test.each([
    ['behind its own, where one asks for them', 'punch A offset 0 size 4K until C|', 'FL1'],
    ['where no such call is suspended', 'continue hole until |', 'CG1'],
  ])('the steps of others %s', async (_what, marked, first) => {
    const labels = (await stepsAt(marked)).map(({ label }) => label);
    expect(labels).toContain('CG1');
    expect(labels[0]).toBe(first);
  });

  test('the steps with their texts', async () => {
    const step = (await stepsAt('punch A offset 0 size 4K until |')).find(({ label }) => label === 'PH3');
    expect(step).toMatchObject({
      detail: 'kvm_gmem_punch_hole',
      labelDetails: { description: 'remove and free the pages' },
    });
  });

  test('the names of calls', async () => {
    const { found } = await ask<CompletionItem[]>(
      `${HEAD}punch A offset 0 size 4K until PH3 as hole\ncontinue |`,
      'completion',
    );
    const items = 'items' in found ? (found as unknown as { items: CompletionItem[] }).items : found;
    expect(items.map(({ label }) => label)).toEqual(['hole']);
  });
});
