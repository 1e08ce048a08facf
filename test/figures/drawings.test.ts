import { describe, expect, it } from 'vitest';
import { type Figure, html, svg } from '../../src/figures';
import { escapeXml } from '../../src/outcome';
import { figureOfExample, figureOfText } from './figures';
import { elementsOf, parseXml } from './xml';

const punched = figureOfExample('hole-across-two-slots.gmem', 16);

/** A figure whose texts are what nobody should write into a page. */
const HOSTILE = `</text><script>alert(1)</script> & "quoted" 'so' ]]> <!-- \u0000\u0007\ud800`;
const hostile: Figure = {
  ...punched,
  statement: HOSTILE,
  facts: [HOSTILE],
  outcome: [HOSTILE],
  notes: [HOSTILE],
  panels: punched.panels.map((panel) => ({ ...panel, title: HOSTILE, unit: HOSTILE })),
};

describe('a drawing', () => {
  it('says in words what it shows', () => {
    const root = parseXml(svg(punched));
    expect(root.attributes).toMatchObject({ role: 'img', width: '700', xmlns: 'http://www.w3.org/2000/svg' });
    const [title, description] = root.children;
    expect([title!.name, title!.text]).toEqual(['title', 'punch A offset 0x1ff000 size 12K']);
    expect(description!.name).toBe('desc');
    for (const part of [
      'line 16',
      'slot 1 has pages 0x200..0x300 at gfn 0x90000..0x90100',
      'gfn 0x801ff: zapped: a leaf of 4K',
      'gfn 0x90000..0x90002: zapped: a leaf of 4K',
    ])
      expect(description!.text).toContain(part);
  });

  it('tells the numbers of each box to those who point at it', () => {
    const tips = [...elementsOf(parseXml(svg(punched)))]
      .filter(({ name }) => name === 'g')
      .map(({ children }) => children[0]!.text);
    expect(tips).toContain('gfn 0x90002..0x90004: mapped: a 4K leaf, rwx, of a page of the file');
  });

  it('needs no script, no font and nothing from elsewhere', () => {
    const elements = [...elementsOf(parseXml(svg(punched)))];
    const names = new Set(elements.map(({ name }) => name));
    expect([...names].sort()).toEqual([
      'defs',
      'desc',
      'g',
      'path',
      'pattern',
      'rect',
      'style',
      'svg',
      'text',
      'title',
    ]);
    const style = elements.find(({ name }) => name === 'style')!.text;
    expect(style).not.toMatch(/@import|@font-face|url\((?!#)|var\(/);
    const values = elements.flatMap(({ attributes }) => Object.entries(attributes));
    expect(values.filter(([name]) => /^on|href$/.test(name))).toEqual([]);
  });

  it('is light, and dark only on screens of readers who have it so', () => {
    const style = [...elementsOf(parseXml(svg(punched)))].find(({ name }) => name === 'style')!.text;
    expect(style.match(/@media[^{]*/g)).toEqual(['@media screen and (prefers-color-scheme:dark)']);
  });

  it('is as wide as it is asked to be', () => {
    expect(parseXml(svg(punched, { width: 1200 })).attributes).toMatchObject({
      width: '1200',
      viewBox: expect.stringMatching(/^0 0 1200 /),
    });
  });

  it('takes any text for text', () => {
    const elements = [...elementsOf(parseXml(svg(hostile)))];
    expect(elements.some(({ name }) => name === 'script')).toBe(false);
    expect(elements.some(({ text }) => text.includes('<script>alert(1)</script> & "quoted"'))).toBe(true);
  });

  it('of nothing says so', () => {
    const { text } = parseXml(svg(figureOfText('vm sev-snp\n')));
    expect(text).toContain('There is nothing to draw: the VM has no memslot');
  });
});

describe('text for XML', () => {
  it.each([
    ['a < b && c > "d"', 'a &lt; b &amp;&amp; c &gt; &quot;d&quot;'],
    ['\u0000\u001b\ufffe\ud800x', '\ufffd\ufffd\ufffd\ufffdx'],
    ['× → … \u{1f600}', '× → … \u{1f600}'],
  ])('%j', (text, escaped) => {
    expect(escapeXml(text)).toBe(escaped);
  });
});

describe('a page', () => {
  it('is well-formed, and has the drawing, the statement, what it did and the numbers', () => {
    const root = parseXml(html(punched));
    const elements = [...elementsOf(root)];
    const textOf = (name: string) => elements.filter((one) => one.name === name).map(({ text }) => text);
    expect(textOf('h1')).toEqual(['punch A offset 0x1ff000 size 12K']);
    expect(textOf('p')[1]).toContain('zapped slot 0 gfn 0x801ff · slot 1 gfn 0x90000..0x90002');
    expect(textOf('caption')).toEqual(['guest_memfd A: 4M, pages 0x0..0x400']);
    expect(elements.filter(({ name }) => name === 'svg').length).toBe(1);
    const rows = elements
      .filter(({ name }) => name === 'tr')
      .map(({ children }) => children.map(({ text }) => text).join(' | '));
    expect(rows[0]).toBe('pages | gfns | size | slot | file | attributes | zapped | SPTEs');
    expect(rows).toContain('0x1ff | 0x801ff | 4K | slot 0 | freed | private | zapped 4K | ');
  });

  it('forbids scripts and asks for nothing from elsewhere', () => {
    const elements = [...elementsOf(parseXml(html(hostile)))];
    const policy = elements.find(({ attributes }) => attributes['http-equiv'] === 'Content-Security-Policy');
    expect(policy!.attributes.content).toMatch(/^default-src 'none'; style-src 'unsafe-inline'/);
    expect(elements.some(({ name }) => ['script', 'link', 'img', 'iframe', 'object'].includes(name))).toBe(
      false,
    );
    const names = elements.flatMap(({ attributes }) => Object.keys(attributes));
    expect(names.filter((name) => /^on|^src$|href$/.test(name))).toEqual([]);
  });
});
