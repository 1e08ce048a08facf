import fc from 'fast-check';
import MarkdownIt from 'markdown-it';
import { describe, expect, test } from 'vitest';
import { extendMarkdownIt } from '../../../src/extension/markdown/preview';

const render = (text: string) => extendMarkdownIt(new MarkdownIt({ html: false })).render(text);
const fence = (...lines: string[]) => `\`\`\`gmem\n${lines.join('\n')}\n\`\`\`\n`;
/** Without elements, as a reader sees it. */
const read = (html: string) =>
  html
    .replaceAll(/<(title|desc)>[\s\S]*?<\/\1>/g, '')
    .replaceAll(/<[^>]*>/g, '')
    .replaceAll('&gt;', '>')
    .replaceAll('&lt;', '<')
    .replaceAll('&quot;', '"')
    .replaceAll('&amp;', '&');

describe('the preview of a document', () => {
  test('shows what each statement did, and the figure of the last', () => {
    const html = render(fence('vm sw-protected', 'gmem A size 4M', 'close A'));
    expect(read(html)).toContain('gmem A size 4M\n#: A: pages 0x0..0x400\nclose A\n#: A had no pages');
    expect(html).toContain('<span class="gmem-keyword">close</span>');
    expect(html).toContain('<svg ');
    expect(html).not.toContain('<style>');
  });

  test('goes on from a set-up that readers do not see', () => {
    const html = render(
      `<!-- gmem: setup a\ngmem A size 4M\n-->\n\n<!-- gmem: after a -->\n${fence('close A')}`,
    );
    expect(read(html)).toContain('close A\n#: A had no pages');
    expect(read(html)).not.toContain('#: A: pages');
  });

  test('shows no second figure where the document has one', () => {
    expect(render(`${fence('gmem A size 4M')}\n<!-- gmem: figure -->\n![A](a.svg)\n`)).not.toContain('<svg ');
  });

  test('says what is wrong, by the line of the fence', () => {
    const html = render(fence('gmem A size 4M', 'close B'));
    expect(html).toMatch(/<ul class="gmem-problems"><li>line 2: .*B.*<\/li><\/ul>/);
    expect(html).not.toContain('<svg ');
  });

  test('leaves fragments and other languages as they are', () => {
    expect(render(`<!-- gmem: fragment -->\n${fence('close A')}`)).not.toContain('gmem-problems');
    const other = '```c\nint gmem;\n```\n';
    expect(render(other)).toBe(new MarkdownIt().render(other));
  });

  test('does not run for ever', () => {
    const long = Array.from({ length: 3000 }, (_, at) => `fault vcpu 0 write gpa ${0x40000000 + at * 4096}`);
    const html = render(fence('vm default', 'slot 0 gpa 0x40000000 size 1G', ...long));
    expect(read(html)).toContain('takes too long for a preview');
  });

  test('keeps the attributes by which it follows the editor', () => {
    const md = extendMarkdownIt(new MarkdownIt());
    md.core.ruler.push('lines', ({ tokens }) => {
      for (const token of tokens) token.attrSet('data-line', '7');
    });
    expect(md.render(fence('gmem A size 4M'))).toMatch(/^<div data-line="7"><pre/);
  });

  test('escapes whatever is in a scenario', () => {
    fc.assert(
      fc.property(
        fc.array(
          fc.constantFrom(
            '<img src=x onerror=1>',
            '"',
            "'",
            '&',
            'gmem A size 4M',
            '# <b>',
            '=> <i>',
            'scenario "<u>"',
          ),
        ),
        (lines) => {
          expect(render(fence(...lines))).not.toMatch(/<(?:img|b|i|u)\b/);
        },
      ),
    );
  });
});
