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

export function previewStyleFile(): string {
  return `${OWN.join('\n')}\n${pageStyleSheet(THEMES)}`;
}
