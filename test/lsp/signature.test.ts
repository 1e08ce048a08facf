import { describe, expect, test } from 'vitest';
import type { SignatureHelp } from 'vscode-languageserver';
import { ask } from './client';

const OFFSETS = {
  textDocument: {
    signatureHelp: { signatureInformation: { parameterInformation: { labelOffsetSupport: true } } },
  },
};

/** The signatures, the active one first, with what comes next between stars. */
async function signatures(marked: string, capabilities: object = OFFSETS): Promise<string[]> {
  const { found } = await ask<SignatureHelp | null>(marked, 'signatureHelp', {}, capabilities);
  if (found === null) return [];
  const texts = found.signatures.map(({ label, parameters, activeParameter }) => {
    const place = parameters?.[activeParameter ?? -1]?.label;
    if (place === undefined) return label;
    const [start, end] =
      typeof place === 'string' ? [label.indexOf(place), label.indexOf(place) + place.length] : place;
    return `${label.slice(0, start)}*${label.slice(start, end)}*${label.slice(end)}`;
  });
  return [texts[found.activeSignature!]!, ...texts.filter((_text, at) => at !== found.activeSignature)];
}

describe('signature help', () => {
  test.each([
    ['punch |', ['punch *NAME* offset OFFSET size SIZE [=> EXPECTATION, …]']],
    ['punch A |', ['punch NAME *offset OFFSET* size SIZE [=> EXPECTATION, …]']],
    ['punch A offset |', ['punch NAME *offset OFFSET* size SIZE [=> EXPECTATION, …]']],
    ['punch A offset 0 |', ['punch NAME offset OFFSET *size SIZE* [=> EXPECTATION, …]']],
    ['punch A offset 0 size 4K |', ['punch NAME offset OFFSET size SIZE *[=> EXPECTATION, …]*']],
    [
      'slot 0 gpa 0 size 4K |',
      ['slot ID gpa GPA size SIZE *[gmem NAME offset OFFSET]* [readonly] [thp] [=> EXPECTATION, …]'],
    ],
    [
      'slot 0 gpa 0 size 4K gmem A |',
      ['slot ID gpa GPA size SIZE *[gmem NAME offset OFFSET]* [readonly] [thp] [=> EXPECTATION, …]'],
    ],
    ['host write |', ['host read|write *slot ID|NAME* offset OFFSET [value VALUE] [=> EXPECTATION, …]']],
    ['let |', ['let *NAME* = VALUE']],
    ['let a = |', ['let NAME *= VALUE*']],
    ['let a = 4K |', []],
    ['scenario |', ['scenario *"TITLE"* { … }']],
    ['punch A offset 0 size 4K\n|', []],
    ['punch A # |', []],
    ['|', []],
    ['close A => |', []],
    [
      'close A => zapped |',
      ['zapped *[slot* ID] [mirror|direct] [LEVEL] gfn RANGE, …', 'zapped all roots', 'zapped nothing'],
    ],
    [
      'close A => zapped slot |',
      ['zapped [slot *ID]* [mirror|direct] [LEVEL] gfn RANGE, …', 'zapped all roots', 'zapped nothing'],
    ],
    [
      'close A => zapped slot 0 |',
      ['zapped [slot ID] [mirror|direct] [LEVEL] *gfn* RANGE, …', 'zapped all roots', 'zapped nothing'],
    ],
    [
      'close A => zapped slot 0 gfn |',
      ['zapped [slot ID] [mirror|direct] [LEVEL] gfn *RANGE,* …', 'zapped all roots', 'zapped nothing'],
    ],
    [
      'close A => mapped gfn 1 |',
      ['mapped|rewrote [mirror|direct] [LEVEL] gfn RANGE *[rwx|r-x]*', 'mapped|rewrote nothing'],
    ],
    [
      'close A => exit mmio |',
      [
        'exit mmio *read|write* [gpa GPA]',
        'exit memory-fault|hypercall private|shared [gpa GPA]',
        'exit internal-error|fail-entry',
      ],
    ],
    ['close A => flush, left |', ['left *BYTES*']],
  ])('%s', async (marked, expected) => {
    expect(await signatures(marked)).toEqual(expected);
  });

  test('an editor that knows no places gets the texts of the parts', async () => {
    expect(await signatures('punch A |', {})).toEqual([
      'punch NAME *offset OFFSET* size SIZE [=> EXPECTATION, …]',
    ]);
  });

  test('says what the statement is, and each part', async () => {
    const { found } = await ask<SignatureHelp>('punch |', 'signatureHelp', {}, OFFSETS);
    expect(found.signatures[0]).toMatchObject({
      documentation: { value: expect.stringContaining('Punches a hole') },
      parameters: [{ documentation: "the guest_memfd file's name" }, {}, {}, {}],
    });
  });
});
