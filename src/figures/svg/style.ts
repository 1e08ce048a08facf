/**
 * The colours of drawings, by word. Each word also has its own pattern or line, and its text is in the box, so colours
 * are never the only distinction. No CSS variables: documentation converters do not support them.
 */

import type { LaneWord } from '../lane-words';
import { FONT_SIZES } from '../layout/measures';
import type { TextStyle } from '../layout/types';

interface Colours {
  readonly fill: string;
  readonly line: string;
}

interface Scheme {
  readonly paper: string;
  readonly text: string;
  readonly quiet: string;
  readonly line: string;
  readonly tie: string;
  readonly words: Readonly<Record<LaneWord, Colours>>;
}

const LIGHT: Scheme = {
  paper: '#ffffff',
  text: '#1f2328',
  quiet: '#57606a',
  line: '#7d8590',
  tie: '#eef1f4',
  words: {
    page: { fill: '#ddeefc', line: '#4a7fb0' },
    allocated: { fill: '#b9dcfa', line: '#0b5394' },
    freed: { fill: '#ffffff', line: '#b3261e' },
    beyond: { fill: '#f3f4f6', line: '#8c959f' },
    private: { fill: '#f0e6fb', line: '#7c55b5' },
    shared: { fill: '#f3f4f6', line: '#8c959f' },
    zapped: { fill: '#fff3e6', line: '#c25700' },
    mapped: { fill: '#dcf5e0', line: '#2c7a43' },
    stale: { fill: '#fde7f3', line: '#a8006b' },
    mmio: { fill: '#e8eaed', line: '#57606a' },
    assigned: { fill: '#fdf3c7', line: '#8a6a00' },
    misplaced: { fill: '#fdf3c7', line: '#8a6a00' },
    hypervisor: { fill: '#ffffff', line: '#8c959f' },
  },
};

const DARK: Scheme = {
  paper: '#16191d',
  text: '#e6e9ed',
  quiet: '#a2abb5',
  line: '#6a737d',
  tie: '#23282e',
  words: {
    page: { fill: '#1d3a55', line: '#6aa5da' },
    allocated: { fill: '#1f4f7d', line: '#a9d3f7' },
    freed: { fill: '#16191d', line: '#f2877f' },
    beyond: { fill: '#1d2126', line: '#6a737d' },
    private: { fill: '#372a4d', line: '#b795e6' },
    shared: { fill: '#23282e', line: '#7b858f' },
    zapped: { fill: '#3a2613', line: '#f0a35e' },
    mapped: { fill: '#183823', line: '#6cc283' },
    stale: { fill: '#4a1436', line: '#ff7ac6' },
    mmio: { fill: '#2d333a', line: '#a2abb5' },
    assigned: { fill: '#3b3312', line: '#d8b945' },
    misplaced: { fill: '#3b3312', line: '#d8b945' },
    hypervisor: { fill: '#16191d', line: '#7b858f' },
  },
};

/** Only two colours, for high-contrast themes: patterns, dashes and texts distinguish the words. */
function twoColours(paper: string, ink: string): Scheme {
  const words = ORDER.map((word) => [word, { fill: paper, line: ink }]);
  return {
    paper,
    text: ink,
    quiet: ink,
    line: ink,
    tie: paper,
    words: Object.fromEntries(words) as Scheme['words'],
  };
}

/** The CSS variables of a view, `--map-…`: words have a line colour, everything else has one colour. */
function variables(words: readonly LaneWord[]): Scheme {
  const colours = (word: LaneWord): Colours => {
    const line = `var(--map-${word})`;
    return { fill: `color-mix(in srgb,${line} var(--map-fill),var(--map-paper))`, line };
  };
  return {
    paper: 'var(--map-paper)',
    text: 'var(--map-text)',
    quiet: 'var(--map-quiet)',
    line: 'var(--map-line)',
    tie: 'var(--map-tie)',
    words: Object.fromEntries(words.map((word) => [word, colours(word)])) as Scheme['words'],
  };
}

/** Words whose boxes have a pattern instead of a plain fill. */
export const PATTERNS: readonly LaneWord[] = ['freed', 'zapped', 'stale', 'mmio', 'beyond', 'misplaced'];

const ORDER = Object.keys(LIGHT.words) as LaneWord[];

function rulesOf({ paper, text, quiet, line, tie, words }: Scheme): readonly string[] {
  return [
    `.paper,.plate{fill:${paper}}`,
    `text{fill:${text}}`,
    `.quiet{fill:${quiet}}`,
    `.outline,.border,.fold,.edge{stroke:${line}}`,
    `.tie{fill:${tie}}`,
    `.bracket,.break{stroke:${text}}`,
    ...ORDER.map((word) => `.${word}{fill:${words[word].fill};stroke:${words[word].line}}`),
    ...PATTERNS.flatMap((word) => [
      `.${word}-back{fill:${words[word].fill}}`,
      `.${word}-lines{stroke:${words[word].line}}`,
    ]),
  ];
}

const SIZE_CLASSES = (Object.keys(FONT_SIZES) as TextStyle[]).map(
  (style) => `.t-${style}{font-size:${FONT_SIZES[style]}px}`,
);

/**
 * The rules, one per line, scoped to figures: a page may contain several.
 * @param around Selectors of elements one of which has to enclose the figure.
 */
function scoped(rules: readonly string[], around: readonly string[] = ['']): string {
  return rules
    .map((rule) => {
      const [selectors = '', declarations = ''] = rule.split('{');
      const inside = around.flatMap((one) =>
        selectors.split(',').map((selector) => `${one}.gmem-figure ${selector}`),
      );
      return `${inside.join(',')}{${declarations}`;
    })
    .join('\n');
}

const SHAPES = [
  'text{font-family:ui-monospace,SFMono-Regular,Menlo,Consolas,"DejaVu Sans Mono","Liberation Mono",monospace}',
  '.outline,.border,.fold,.bracket,.break,.edge{fill:none}',
  '.edge{stroke-width:0.5}',
  '.box{stroke-width:1}',
  '.changed{stroke-width:2}',
  '.strong{font-weight:bold}',
  '.hypervisor,.beyond{stroke-dasharray:3 2}',
  '.freed{stroke-dasharray:5 3}',
  '.stale,.misplaced{stroke-width:2.5}',
  '.fold{stroke-dasharray:2 3}',
  '.bracket{stroke-width:1.5}',
];

const MARKED = PATTERNS.map((word) => `.${word}{fill:url(#gmem-${word})}`);
const BASE = [...SHAPES, ...SIZE_CLASSES, ...rulesOf(LIGHT)];

/** The rules for drawings in a view, whose style sheet defines the variables. */
export function viewStyleSheet(): string {
  const flag = '.flag{fill:var(--map-text)}';
  return scoped([...SHAPES, ...SIZE_CLASSES, ...rulesOf(variables(ORDER)), ...MARKED, flag]);
}

/**
 * Dark if the reader prefers it; otherwise light, also in print and in programs that support style sheets only partly.
 */
export function styleSheet(): string {
  const dark = `@media screen and (prefers-color-scheme:dark){\n${scoped(rulesOf(DARK))}\n}`;
  return [scoped(BASE), dark, scoped(MARKED)].join('\n');
}

const SCHEDULE_SHAPES = [
  '.arrow,.switch{fill:none}',
  '.switch{stroke-width:1.5;stroke-dasharray:6 4}',
  '.lock,.wrong{stroke-width:1}',
];

function scheduleRules({ tie, text, quiet, line, words: { stale } }: Scheme): readonly string[] {
  return [
    `.arrow,.switch,.lock{stroke:${quiet}}`,
    `.point{fill:${quiet}}`,
    `.lock-read{fill:${tie}}`,
    `.lock-write{fill:${line}}`,
    `.wrong{fill:${stale.fill};stroke:${stale.line}}`,
    `.other{fill:${tie};stroke:${text}}`,
  ];
}

/** The rules for the drawing of a schedule, which also has those of the reader's forced colours. */
export function scheduleStyleSheet(): string {
  const forced = twoColours('Canvas', 'CanvasText');
  const media = (query: string, rules: readonly string[]) => `@media ${query}{\n${scoped(rules)}\n}`;
  return [
    scoped([...BASE, ...SCHEDULE_SHAPES, ...scheduleRules(LIGHT)]),
    media('screen and (prefers-color-scheme:dark)', [...rulesOf(DARK), ...scheduleRules(DARK)]),
    media('(forced-colors:active)', [
      ...rulesOf(forced),
      ...scheduleRules(forced),
      '.column{stroke:CanvasText}',
    ]),
    scoped(MARKED),
  ].join('\n');
}

/** Selectors of elements around figures, by colour scheme: `.dark`. */
export interface PageThemes {
  readonly dark: readonly string[];
  /** White on black, and black on white. */
  readonly highContrastDark?: readonly string[];
  readonly highContrastLight?: readonly string[];
}

/** The rules for figures without their own styles, on a page with a theme switch; light if no selector matches. */
export function pageStyleSheet({ dark, highContrastDark, highContrastLight }: PageThemes): string {
  const themes: readonly (readonly [Scheme, readonly string[] | undefined])[] = [
    [DARK, dark],
    [twoColours('#000000', '#ffffff'), highContrastDark],
    [twoColours('#ffffff', '#000000'), highContrastLight],
  ];
  const rules = themes.flatMap(([scheme, selectors]) => {
    if (selectors === undefined) return [];
    const around = selectors.map((selector) => `${selector} `);
    // A pattern has to override rules with more selectors.
    return [`@media screen{\n${scoped([...rulesOf(scheme), ...MARKED], around)}\n}`];
  });
  return [scoped([...BASE, ...MARKED]), ...rules, ''].join('\n');
}
