import { mkdirSync } from 'node:fs';
import path from 'node:path';
import { stripVTControlCharacters } from 'node:util';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { run } from '../../src/cli/commands';
import { compare } from '../../src/cli/compare-command';
import { doc } from '../../src/cli/doc-command';
import { format } from '../../src/cli/format-command';
import { render } from '../../src/cli/render';
import { test } from '../../src/cli/test-command';
import { jsonText, visible, visibleInColour } from '../../src/cli/visible';
import { capturedConsole, scratchFolder } from './scratch';

const { folder, scenario } = scratchFolder();
const { out, err } = capturedConsole();

/** Control characters, and sequences that a terminal would obey. */
const hostile = fc
  .array(
    fc.oneof(
      fc.constantFrom(
        '\u001b[31m',
        '\u001b]0;title\u0007',
        '\u001b[2J',
        '\u009b1m',
        '\u0000',
        '\r',
        '\u007f',
      ),
      fc.integer({ min: 0, max: 0x9f }).map((code) => String.fromCharCode(code)),
      fc.constantFrom('a', ' ', 'é', '😀'),
    ),
    { minLength: 1, maxLength: 6 },
  )
  .map((parts) => parts.join('').replaceAll(/["\n]/g, ''));

const text = fc
  .record({ title: hostile, comment: hostile, word: hostile, wrong: fc.boolean() })
  .map(
    ({ title, comment, word, wrong }) =>
      `vm sw-protected # ${comment.replaceAll('\r', '')}\nscenario "${title}" {\n  gmem A size 4K => EINVAL${wrong ? ` ${word}` : ''}\n  punch A offset 0 size 4K\n}\n`,
  );

/** All that a command may print about a file. */
const COMMANDS: Readonly<Record<string, (file: string) => Promise<number>>> = {
  run: (file) => run([file]),
  'run --color always': (file) => run([file, '--color', 'always']),
  'run of two files': (file) => run([file, file, '--color', 'never']),
  'run --json': (file) => run([file, '--json']),
  'run of a scenario that is not there': (file) => run([file, '--scenario', '\u001b[2J']),
  test: (file) => test([file]),
  'test --color always': (file) => test([file, '--color', 'always']),
  'test --format tap': (file) => test([file, '--format', 'tap']),
  'test --format junit': (file) => test([file, '--format', 'junit']),
  'test --json': (file) => test([file, '--json']),
  compare: (file) => compare([file]),
  'compare --color always': (file) => compare([file, '--color', 'always']),
  'compare --json': (file) => compare([file, '--json']),
  'fmt --check': (file) => format([file, '--check']),
  render: (file) => render([file]).catch(() => 2),
  'render --json': (file) => render([file, '--json']).catch(() => 2),
};

/** The control characters in a text, without our colours. */
function controls(printed: string, coloured: boolean): readonly string[] {
  const plain = coloured ? printed.replaceAll(/\p{Cc}\[(?:[14]|2[24]|3[1239]|90)m/gu, '') : printed;
  return [...plain].filter((sign) => /[^\P{Cc}\n\t]/u.test(sign));
}

describe('a terminal', () => {
  it.each(Object.keys(COMMANDS))('gets no control characters of a scenario from `%s`', async (name) => {
    await fc.assert(
      fc.asyncProperty(text, async (content) => {
        out.length = 0;
        err.length = 0;
        await COMMANDS[name]?.(scenario('hostile.gmem', content));
        if (name !== 'fmt --check') expect(out.length + err.length).toBeGreaterThan(0);
        expect(controls([...out, ...err].join('\n'), name.includes('always'))).toEqual([]);
      }),
      { numRuns: 30 },
    );
  });

  it.each(['check', 'update'])('gets none of a document from `doc %s`', async (action) => {
    await fc.assert(
      fc.asyncProperty(text, hostile, async (content, said) => {
        out.length = 0;
        err.length = 0;
        const line = said.replaceAll('\r', '');
        const markdown = `\`\`\`gmem\n${content}\`\`\`\n\n<!-- gmem: ${line} -->\n`;
        await doc([action, scenario('hostile.md', markdown), '--root', folder, '--color', 'never']);
        expect(controls([...out, ...err].join('\n'), false)).toEqual([]);
      }),
      { numRuns: 60 },
    );
  });

  it('gets none of the name of a file', async () => {
    const named = path.join(folder, 'a\u001b[31m\u0007');
    mkdirSync(named, { recursive: true });
    for (const [name, command] of Object.entries(COMMANDS)) {
      out.length = 0;
      err.length = 0;
      await command(scenario('a\u001b[31m\u0007/b.gmem', 'vm sw-protected\ngmem A size 4K => EINVAL\n'));
      await command(path.join(named, 'missing.gmem')).catch(() => 2);
      expect(controls([...out, ...err].join('\n'), name.includes('always')), name).toEqual([]);
    }
  });
});

describe('text for a terminal', () => {
  it('shows control characters as they are written in C', () => {
    expect(visible('a\u001b[31m\u0000\u009b\r\n\tb')).toBe('a\\x1b[31m\\x00\\x9b\\x0d\n\tb');
    expect(visibleInColour('\u001b[31ma\u001b[39m\u001b[2J\u0007[1m')).toBe(
      '\u001b[31ma\u001b[39m\\x1b[2J\\x07[1m',
    );
  });

  it('is the same JSON value', () => {
    fc.assert(
      fc.property(fc.record({ text: hostile }), (value) => {
        expect(JSON.parse(jsonText(value))).toEqual(value);
        expect(stripVTControlCharacters(jsonText(value))).toBe(jsonText(value));
      }),
    );
  });
});
