import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, test } from 'vitest';
import { PROCEDURE_NAMES } from '../../../src/dap/listings';
import { additionOf, LESSON } from '../../../src/extension/walkthrough/lesson';
import { analyze } from '../../../src/language';
import { transcript } from '../../../src/outcome';
import { projectRoot } from '../../../workbench/paths';

const whole = LESSON.beginning + LESSON.slot + LESSON.hole;

/** What the statements of the lesson do, by their texts. */
function outcomes(): ReadonlyMap<string, string> {
  return new Map(
    [...transcript(whole, analyze(whole).programs[0])].map(({ source, outcome }) => [source, outcome]),
  );
}

describe('the scenario of the walkthrough', () => {
  test('is right at each stage', () => {
    for (const text of [LESSON.beginning, LESSON.beginning + LESSON.slot, whole])
      expect(analyze(text).diagnostics).toEqual([]);
  });

  test('zaps what the walkthrough says', () => {
    expect(outcomes().get('punch A offset 0x1000 size 8K')).toBe(
      'zapped slot 0 gfn 0x80001..0x80003 · freed A pages 0x1..0x3 · flush',
    );
  });

  test('gets each piece once, on lines of its own', () => {
    expect(additionOf('slot', LESSON.beginning)).toBe(LESSON.slot);
    expect(additionOf('slot', LESSON.beginning.trimEnd())).toBe(`\n${LESSON.slot}`);
    expect(additionOf('slot', LESSON.beginning + LESSON.slot)).toBe('');
    // Somebody typed it, without the comment.
    const typed = LESSON.slot.replace(/^#.*\n/m, '');
    expect(additionOf('slot', LESSON.beginning + typed)).toBe('');
    expect(additionOf('hole', whole)).toBe('');
  });
});

describe('the pages beside the walkthrough', () => {
  const folder = path.join(projectRoot, 'media', 'walkthrough');
  const pages = readdirSync(folder).map(
    (name) => [name, readFileSync(path.join(folder, name), 'utf8')] as const,
  );
  const fenced = (text: string, language: string) =>
    [...text.matchAll(new RegExp(`^\`\`\`${language}\\n(.*?)^\`\`\``, 'gms'))].map(([, code]) => code!);

  test.each(pages.filter(([name]) => name.endsWith('.md')))('%s shows the actual outcomes', (_, text) => {
    const did = outcomes();
    for (const code of fenced(text, 'gmem')) {
      const lines = code.trimEnd().split('\n');
      for (const [at, line] of lines.entries()) {
        if (line.startsWith('#') || line === '') continue;
        if (!line.startsWith('  # ')) expect(whole, line).toContain(`${line}\n`);
        // What a hint says, and what a slot lost, is part of what happens too.
        else if (!/^ {2}# (lost|gfn) /.test(line)) expect(did.get(lines[at - 1]!), line).toBe(line.slice(4));
      }
    }
    for (const code of fenced(text, 'text')) {
      for (const name of code.trim().split(/\s+/)) expect(PROCEDURE_NAMES, name).toContain(name);
    }
  });

  test.each(pages.filter(([name]) => name.endsWith('.svg')))(
    '%s has the colours of the theme only',
    (_, text) => {
      const colours = [...text.matchAll(/(?:fill|stroke)="([^"]+)"/g)].map(([, colour]) => colour);
      expect(colours.length).toBeGreaterThan(3);
      for (const colour of colours)
        expect(colour).toMatch(/^(none|var\(--vscode-(editor-foreground|charts-blue)\))$/);
      expect(text).not.toMatch(/<script|href=|style=/);
    },
  );
});
