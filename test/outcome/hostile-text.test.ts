import fc from 'fast-check';
import MarkdownIt from 'markdown-it';
import { describe, expect, it } from 'vitest';
import { extendMarkdownIt } from '../../src/extension/markdown/preview';
import { figureOfStep, html, svg } from '../../src/figures';
import { analyze } from '../../src/language';
import { compareKernels, describeOutcome, differingLines, runScenario } from '../../src/outcome';
import { hostileWords, PLAIN, scenarioOf, structureOf, tagsOf } from '../generators/hostile';

/** Everything but the hovers of the language server that shows a scenario as Markdown, HTML or SVG. */

type Show = (text: string) => readonly (readonly string[])[];

const md = extendMarkdownIt(new MarkdownIt({ html: true }));

const SHOWN: readonly [string, Show][] = [
  [
    'the hovers of inline texts',
    (text) =>
      [...runScenario(analyze(text).programs[0])].map((executed) =>
        structureOf(describeOutcome(executed.statement, executed.events, executed).hover),
      ),
  ],
  [
    'the hovers of a comparison',
    (text) => {
      const analysis = analyze(text);
      const [program] = analysis.programs;
      const old = { kernel: 'rfc-2023-05', knobs: {} };
      const statements = compareKernels(program, program.setup, old);
      return differingLines({ kernels: [program.setup, old], statements }).map(({ hover }) =>
        structureOf(hover),
      );
    },
  ],
  ['the preview', (text) => [tagsOf(md.render(`~~~gmem\n${text}~~~\n`))]],
  [
    'figures',
    (text) => {
      const analysis = analyze(text);
      return analysis.document.statements.flatMap(({ keyword }, step) => {
        if (keyword !== 'punch' && keyword !== 'slot') return [];
        const figure = figureOfStep(analysis, step, 'evil <b>.gmem', 'change');
        return [tagsOf(svg(figure)), tagsOf(html(figure))];
      });
    },
  ],
];

describe('the words of somebody else', () => {
  it.each(SHOWN)('stay text in %s', { timeout: 0 }, (_, show) => {
    const plain = show(scenarioOf(PLAIN));
    expect(plain.flat().length).toBeGreaterThan(5);
    fc.assert(
      fc.property(hostileWords, (words) => {
        expect(show(scenarioOf(words))).toEqual(plain);
      }),
      { numRuns: 15 },
    );
  });
});
