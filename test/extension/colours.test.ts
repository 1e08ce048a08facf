import { readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, test } from 'vitest';
import { projectRoot } from '../../workbench/paths';
import { contrast } from '../browser/contrast';

interface Colour {
  id: string;
  defaults: Record<string, string>;
}

const manifest = JSON.parse(readFileSync(path.join(projectRoot, 'package.json'), 'utf8'));
const colours: readonly Colour[] = manifest.contributes.colors;

/** The editor's background in VS Code's own theme of each kind. */
const backgrounds = {
  dark: '#1f1f1f',
  light: '#ffffff',
  highContrast: '#000000',
  highContrastLight: '#ffffff',
};

/** `#1f1f1f` as `rgb(31, 31, 31)`. */
function rgb(hex: string): string {
  const channels = hex.match(/[0-9a-f]{2}/g) ?? [];
  return `rgb(${channels.map((channel) => Number.parseInt(channel, 16)).join(', ')})`;
}

describe.each(Object.entries(backgrounds))(
  'the colours of inline texts in a %s theme',
  (theme, background) => {
    // 4.5 is what WCAG 2.1 asks of text (success criterion 1.4.3, level AA).
    test.each(colours.map(({ id, defaults }) => [id, defaults[theme] ?? '']))(
      '%s is readable',
      (_id, hex) => {
        expect(contrast(rgb(hex), rgb(background))).toBeGreaterThan(4.5);
      },
    );

    test('differ from each other', () => {
      expect(new Set(colours.map(({ defaults }) => defaults[theme])).size).toBe(colours.length);
    });
  },
);
