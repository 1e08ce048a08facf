import { pageStyleSheet } from '../../src/figures';

/** media/preview.css: the figures of scenarios in VS Code's Markdown preview, which follow its theme. */

const THEMES = {
  dark: ['.vscode-dark'],
  // A light theme of high contrast has both classes.
  highContrastDark: ['.vscode-high-contrast:not(.vscode-high-contrast-light)'],
  highContrastLight: ['.vscode-high-contrast-light'],
};

const OWN = [
  '.gmem-drawing{overflow-x:auto;margin:1em 0}',
  // A little smaller where there is little room; behind that it scrolls.
  '.gmem-drawing svg{display:block;max-width:100%;min-width:480px;height:auto}',
  '.gmem-problems{color:var(--vscode-errorForeground);padding-left:1.5em}',
];

export function previewStyleFile(): string {
  return `${OWN.join('\n')}\n${pageStyleSheet(THEMES)}`;
}
