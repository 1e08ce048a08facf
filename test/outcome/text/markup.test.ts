import fc from 'fast-check';
import MarkdownIt from 'markdown-it';
import { describe, expect, it } from 'vitest';
import { markdownCode, markdownText } from '../../../src/outcome';
import { hostileWords } from '../../generators/hostile';

const md = new MarkdownIt({ html: true, linkify: true });

const texts = fc.oneof(
  hostileWords.chain((words) => fc.constantFrom(...Object.values(words))),
  fc.string({ unit: 'binary', maxLength: 30 }),
  fc.string({ unit: fc.constantFrom(...'`*_[]()<>&!#|~$@\\-+=.:/ \n\ta1'), maxLength: 12 }),
);

/** As a reader sees it. */
const oneLine = (text: string) => text.replaceAll(/\s+/g, ' ').replaceAll('\0', '\ufffd');

/** The types of what the text becomes, and its words. */
function read(markdown: string) {
  const children = md.parse(markdown, {}).flatMap((token) => token.children ?? []);
  return {
    types: [...new Set(children.map(({ type }) => type).filter((type) => type !== 'text_special'))],
    words: children.map(({ content }) => content).join(''),
  };
}

describe('text as Markdown', () => {
  it('is shown as it is', () => {
    fc.assert(
      fc.property(texts, (text) => {
        const { types, words } = read(`- ${markdownText(text)}\n`);
        expect(words).toBe(oneLine(text).trim());
        expect(types.filter((type) => type !== 'text')).toEqual([]);
      }),
    );
  });

  it('stays in its place in the middle of other markup', () => {
    fc.assert(
      fc.property(texts, (text) => {
        const { types, words } = read(`**a${markdownText(text)}b**: c`);
        expect(words).toBe(`a${oneLine(text)}b: c`);
        expect(new Set(types)).toEqual(new Set(['text', 'strong_open', 'strong_close']));
      }),
    );
  });

  it('is code, whatever it contains', () => {
    fc.assert(
      fc.property(texts, (text) => {
        fc.pre(text.trim() !== '');
        const { types, words } = read(`a ${markdownCode(text)} b`);
        expect(words.replaceAll(/\s/g, '')).toBe(`a ${oneLine(text)} b`.replaceAll(/\s/g, ''));
        expect(types).toEqual(['text', 'code_inline']);
      }),
    );
  });

  it.each(['zapped slot 0 gfn 0x801ff · flush', 'bad_descriptor', "A: pages 0x0..0x400, 'so'", '1 of 2'])(
    'has no escapes where none are needed: %s',
    (text) => expect(markdownText(text)).toBe(text),
  );
});
