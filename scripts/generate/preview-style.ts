import { pageStyleSheet } from '../../src/figures';

/** media/preview.css: styles of scenario figures in VS Code's Markdown preview, which follow its theme. */

const THEMES = {
  dark: ['.vscode-dark'],
  // A light high-contrast theme has both classes.
  highContrastDark: ['.vscode-high-contrast:not(.vscode-high-contrast-light)'],
  highContrastLight: ['.vscode-high-contrast-light'],
};

const OWN = [
  '.gmem-drawing{overflow-x:auto;margin:1em 0}',
  // Shrinks a little in a narrow view; below the minimum width it scrolls.
  '.gmem-drawing svg{display:block;max-width:100%;min-width:480px;height:auto}',
  '.gmem-problems{color:var(--vscode-errorForeground);padding-left:1.5em}',
];

/** The classes of tokens, `gmem-…`, with their colours in light and dark themes, also those of high contrast. */
const TOKENS: Readonly<Record<string, readonly [light: string, dark: string]>> = {
  keyword: ['#0000c8', '#6cb2f0'],
  label: ['#a02000', '#9cdcfe'],
  number: ['#0a5c2f', '#b5cea8'],
  title: ['#8f1515', '#dda184'],
  expectation: ['#00546b', '#4ec9b0'],
  choice: ['#6f1d8c', '#d6a4d8'],
  comment: ['#37601f', '#8cc47a'],
};

function tokenRules(): readonly string[] {
  const around = [...THEMES.dark, ...THEMES.highContrastDark];
  return Object.entries(TOKENS).flatMap(([name, [light, dark]]) => [
    `.gmem-${name}{color:${light}}`,
    `${around.map((theme) => `${theme} .gmem-${name}`).join(',')}{color:${dark}}`,
  ]);
}

export function previewStyleFile(): string {
  return `${[...OWN, ...tokenRules()].join('\n')}\n${pageStyleSheet(THEMES)}`;
}
