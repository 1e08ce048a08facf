import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { parseWatch } from '../../src/expressions';
import { type MemoryMap, memoryMapOf } from '../../src/figures';
import { analyze } from '../../src/language';
import { runScenario } from '../../src/outcome';
import { examples } from './figures';

function mapsOf(text: string): readonly MemoryMap[] {
  const maps: MemoryMap[] = [];
  for (const program of analyze(text).programs) {
    for (const { statement, events, before, after, vmId } of runScenario(program)) {
      const { call, expected } = statement;
      const source = { statement: '', facts: [], call, expected, events, before, after, vmId };
      maps.push(memoryMapOf(source, 700));
    }
  }
  return maps;
}

const scenarios = readdirSync(examples, { recursive: true, encoding: 'utf8' }).filter((name) =>
  name.endsWith('.gmem'),
);

describe('the memory map of every statement', () => {
  it.each(scenarios)('of %s names each of its boxes once, with numbers and what to watch', (name) => {
    for (const { svg, shapes } of mapsOf(readFileSync(path.join(examples, name), 'utf8'))) {
      expect(new Set(shapes.map(({ key }) => key)).size).toBe(shapes.length);
      expect(svg.match(/ data-shape="\d+"/g) ?? []).toHaveLength(shapes.length);
      for (const { about, numbers, place, whats, made } of shapes) {
        expect(parseWatch(place), about).not.toBeNull();
        for (const what of whats) expect(parseWatch(`${place} ${what}`), `${place} ${what}`).not.toBeNull();
        if (made !== null) expect(whats).toContain(made);
        expect(numbers.map(([number]) => number)).toContain('size');
        for (const [number, value] of numbers) expect(value, `${about}: ${number}`).toMatch(/\S/);
      }
    }
  });
});

describe('the numbers of a box', () => {
  const numbersIn = (text: string, about: RegExp) => {
    const found = mapsOf(text)
      .at(-1)!
      .shapes.find((shape) => about.test(shape.about));
    return { ...found, numbers: Object.fromEntries(found!.numbers) };
  };
  const guest = 'vm sev-snp\ngmem A size 2M\nslot 0 gpa 0x80000000 size 2M gmem A offset 0\n';
  const launched = `${guest}convert gpa 0x80000000 size 2M private\nlaunch-finish\n`;

  it('of a page of the RMP are those of the entry, and it is watched by its pfn', () => {
    const accepted = `${launched}pvalidate vcpu 0 gpa 0x80001000 size 4K validate\n`;
    const { numbers, place, whats } = numbersIn(accepted, /^page 0x1: assigned/);
    expect(numbers).toMatchObject({
      gfn: '0x80001',
      gpa: '0x80001000..0x80002000',
      'file offset': '0x1000..0x2000',
      'RMP entry': expect.stringMatching(/^assigned to ASID 1, entry of 4K, validated.*, at gfn 0x80001$/),
    });
    expect(place).toBe(`pfn ${numbers.pfn}`);
    expect(whats).toContain('adjusted');
  });

  it('of userspace memory are those of its gfns', () => {
    const text = 'slot 3 gpa 0x10000000 size 2M\nfault vcpu 0 write gpa 0x10001000\n';
    const { numbers, place } = numbersIn(text, /^page 0x1: a page/);
    expect(numbers).toMatchObject({ gfn: '0x10001', slot: 'slot 3', size: '4K' });
    expect(place).toBe('gfn 0x10001');
  });

  it('of many ranges are the first of them', () => {
    const faults = Array.from({ length: 6 }, (_, at) => {
      return `fault vcpu 0 write gpa 0x${(0x80000000 + (6 - at) * 8192).toString(16)}\n`;
    });
    const fills = Array.from({ length: 12 }, (_, at) => {
      return `fault vcpu 0 write gpa 0x${(0x80000000 + at * 4096).toString(16)}\n`;
    });
    const text = `vm sw-protected\ngmem A size 2M\nslot 0 gpa 0x80000000 size 2M gmem A offset 0\nconvert gpa 0x80000000 size 2M private\n${faults.join('')}${fills.join('')}fault vcpu 0 read gpa 0x80000000\n`;
    const { numbers } = numbersIn(text, /^pages 0x0\.\.0xd: a page/);
    expect(numbers.pfn).toMatch(/^0x\w+.*, 0x\w+.*, 0x\w+.* and \d+ more ranges$/);
  });
});
