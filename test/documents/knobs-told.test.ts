import { readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { KNOBS } from '../../src/simulator/knobs';
import { choicesOf } from '../../src/simulator/profiles';

function page(name: string): string {
  return readFileSync(path.resolve(import.meta.dirname, '../../docs', name), 'utf8');
}

/** The knobs in the first column of the tables below a heading. */
function knobsBelow(heading: string): string[] {
  const section = page('kernels.md').split(`\n## ${heading}\n`)[1]?.split('\n## ')[0] ?? '';
  return [...section.matchAll(/^\| `([a-z-]+)/gm)].map((match) => match[1]!);
}

describe('docs/kernels.md and docs/sev-snp.md', () => {
  it.each(KNOBS.map(({ name }) => name))('tell of %s', (name) => {
    const told = new RegExp(`\`${name}( [a-z0-9-]+)?\``);
    expect(`${page('kernels.md')}${page('sev-snp.md')}`).toMatch(told);
  });

  it('list the knobs in which the two kernels differ, and no others', () => {
    const [old, now] = [choicesOf('linux-6.12', {}), choicesOf('linux-7.3', {})];
    const differing = KNOBS.map(({ name }) => name).filter((name) => old[name] !== now[name]);
    expect(knobsBelow('Where the two kernels differ').sort()).toEqual([...differing].sort());
  });

  it('list no bug that there is no knob for', () => {
    const names: readonly string[] = KNOBS.map(({ name }) => name);
    expect(knobsBelow('Fixed bugs').filter((name) => !names.includes(name))).toEqual([]);
  });
});
