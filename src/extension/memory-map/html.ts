import { viewStyleSheet } from '../../figures';

export interface PageParts {
  /** Addresses that the webview may load. */
  readonly script: string;
  readonly style: string;
  /** A random nonce: only scripts that carry it run. */
  readonly nonce: string;
}

/** Icons of 16 by 16 pixels. */
const ICONS = {
  'previous-statement': 'M3 3h2v10H3zM13 3v10L6 8z',
  previous: 'M11 3v10L4 8z',
  next: 'M5 3v10l7-5z',
  'next-statement': 'M11 3h2v10h-2zM3 3v10l7-5z',
} as const;

const TITLES: Readonly<Record<keyof typeof ICONS, string>> = {
  'previous-statement': 'Previous statement',
  previous: 'Previous step of the kernel',
  next: 'Next step of the kernel',
  'next-statement': 'Next statement',
};

function buttonHtml(id: keyof typeof ICONS): string {
  const icon = `<svg viewBox="0 0 16 16" aria-hidden="true"><path d="${ICONS[id]}"/></svg>`;
  return `<button id="${id}" type="button" title="${TITLES[id]}" aria-label="${TITLES[id]}">${icon}</button>`;
}

/**
 * The page of the memory map. It loads its script and its style and nothing else; its content security policy enforces
 * this.
 */
export function pageHtml({ script, style, nonce }: PageParts): string {
  const policy = `default-src 'none'; script-src 'nonce-${nonce}'; style-src 'nonce-${nonce}'`;
  return `<!doctype html>
<html lang="en">
  <head>
    <meta charset="utf-8">
    <meta name="viewport" content="width=device-width, initial-scale=1.0">
    <meta http-equiv="Content-Security-Policy" content="${policy}">
    <title>Memory Map</title>
    <style nonce="${nonce}">
${viewStyleSheet()}
    </style>
    <link rel="stylesheet" href="${style}" nonce="${nonce}">
  </head>
  <body>
    <main id="page">
      <div id="map" hidden>
        <header>
          <h1><button id="statement" type="button"></button></h1>
          <p id="where"></p>
          <div class="controls">
            ${buttonHtml('previous-statement')}
            ${buttonHtml('previous')}
            <input id="slider" type="range" step="1">
            ${buttonHtml('next')}
            ${buttonHtml('next-statement')}
          </div>
          <p id="outcome"></p>
        </header>
        <div id="figure"></div>
        <p id="latest" hidden>◤ by the last step of the kernel</p>
        <details><summary>In words</summary><p id="alternative"></p></details>
        <p id="facts"></p>
      </div>
      <p id="notice" role="status"></p>
    </main>
    <div id="tooltip" role="tooltip" hidden></div>
    <div id="menu" role="menu" hidden></div>
    <script nonce="${nonce}" src="${script}"></script>
  </body>
</html>
`;
}

/** 128 random bits, in characters that need no escape. */
export function newNonce(): string {
  return [...crypto.getRandomValues(new Uint8Array(16))]
    .map((byte) => byte.toString(16).padStart(2, '0'))
    .join('');
}
