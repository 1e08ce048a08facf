import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { UsageError } from '../../src/cli/exit';
import { exploreCommand } from '../../src/cli/explore-command';
import { analyze } from '../../src/language';
import { checkScenario } from '../../src/outcome';
import { schemaErrors } from '../generators/json-schema';
import { capturedConsole, scratchFolder } from './scratch';

const { folder, scenario } = scratchFolder();
const { out, err } = capturedConsole();

const race = (knob: string, expected: string) => `kernel linux-7.3${knob}
vm sw-protected vcpus 2
gmem A size 64K
slot 0 gpa 0x80000000 size 64K gmem A offset 0
convert gpa 0x80000000 size 64K private
race {
  task vcpu0 {
    fault vcpu 0 write gpa 0x80000000
  }
  task vmm {
    punch A offset 0 size 4K
  }
}${expected}
`;
const GOOD = race('', '');
const BAD = race(' with retry-check off', ' => never STALE');

/** What was printed, without the time that it took. */
function printed(): string {
  return out
    .join('\n')
    .replaceAll(`${folder}/`, '')
    .replaceAll(/\d+ ms/g, 'T ms');
}

const PLAIN = ['--color', 'never'];

describe('gmemscope explore', () => {
  it('says what goes wrong in some order, and shows the outcomes', async () => {
    expect(await exploreCommand([scenario('bad.gmem', BAD), ...PLAIN])).toBe(1);
    expect(printed()).toMatchInlineSnapshot(`
      "bad.gmem:6
        97 states, 155 moves, depth 25, T ms; every order was tried
        FAIL  line 13: Expected \`never STALE\`, but in some order: STALE gfn 0x80000. (--witness 1)
        3 outcomes; the number is that of its order, for --witness
             mapped   A         states
          2  0x80000  page 0x0  1
          3  0x80000  empty     1
          4  none     empty     1

      1 race, 1 failed"
    `);
  });

  it('reports what is wrong with a file once', async () => {
    const text = GOOD.replace(
      'race {',
      'slot 1 gpa 0xa0000000 size 64K\ndelete slot 1\ndiscard slot 1 offset 0 size 4K\nrace {',
    );
    await exploreCommand([scenario('warn.gmem', text), ...PLAIN]);
    expect(err.filter((line) => line.includes('which has been deleted'))).toHaveLength(1);
  });

  it('is content with a race in which nothing goes wrong', async () => {
    expect(await exploreCommand([scenario('good.gmem', GOOD), ...PLAIN])).toBe(0);
    expect(printed()).toContain('every order was tried');
  });

  it('writes an order as a scenario that shows the same', async () => {
    expect(await exploreCommand(['--witness', '1', scenario('bad.gmem', BAD)])).toBe(0);
    const text = out.join('\n');
    const { programs, diagnostics } = analyze(text);
    expect(diagnostics).toEqual([]);
    const checked = programs.flatMap((program) => [...checkScenario(program)]);
    expect(checked.flatMap(({ failed }) => failed)).toEqual([]);
    expect(text).toContain('STALE gfn 0x80000');
  });

  it('does not take an unfinished search for a good one', async () => {
    const file = scenario('good.gmem', GOOD.replace(/}\n$/, '} => never STALE\n'));
    expect(await exploreCommand(['--max-states', '20', file, ...PLAIN])).toBe(1);
    expect(printed()).toContain('not every order was tried');
    expect(printed()).toContain('Not decided: `never STALE`');
  });

  it('does not take an unfinished search for a good one where nothing is expected, either', async () => {
    expect(await exploreCommand(['--max-states', '20', scenario('good.gmem', GOOD), ...PLAIN])).toBe(1);
    expect(printed()).toContain('1 race, 1 failed');
  });

  it('shows a livelock as an order that ends in it', async () => {
    const text = `kernel linux-6.12
vm default
slot 0 gpa 0x80000000 size 64K
fault vcpu 0 write gpa 0x80000000
race {
  task vcpu0 {
    prefault vcpu 0 gpa 0x80000000 size 8K
  }
  task vmm {
    delete slot 0
  }
}
`;
    await exploreCommand([scenario('hang.gmem', text), ...PLAIN]);
    expect(printed()).toContain('livelock: vcpu0 never ends');
    out.length = 0;
    expect(await exploreCommand(['--witness', '1', scenario('hang.gmem', text)])).toBe(0);
    expect(out.join('\n')).toContain('continue vcpu0 => livelock');
  });

  it('says what breaks without a step', async () => {
    const file = scenario('good.gmem', GOOD);
    expect(await exploreCommand(['--without', 'TP6s,FA2,mmu_lock', file, ...PLAIN])).toBe(0);
    expect(printed()).toMatch(/TP6s .*STALE gfn 0x80000 in \d+ moves/);
    expect(printed()).toMatch(/FA2 .*nothing changes/);
    expect(printed()).toMatch(/mmu_lock .*lock: .+ in \d+ moves/);
    out.length = 0;
    expect(await exploreCommand(['--without', 'XY9', file, ...PLAIN])).toBe(1);
    expect(err.join('\n')).toContain('no order of this race runs a step or takes a lock called `XY9`');
  });

  it('leaves out what the race does not need to go wrong', async () => {
    const more = BAD.replace(
      'convert',
      'gmem B size 64K\nslot 1 gpa 0x90000000 size 64K gmem B offset 0\nconvert',
    )
      .replace(
        '  task vmm {',
        '  task other {\n    allocate B offset 0 size 4K\n  }\n  task vmm {\n    allocate A offset 32K size 4K',
      )
      .replace(/$/, 'fault vcpu 1 read gpa 0x80000000\n');
    expect(await exploreCommand(['--minimise', scenario('more.gmem', more)])).toBe(0);
    expect(out.join('\n').trim()).toBe(BAD.trim());
    await expect(exploreCommand(['--minimise', scenario('good.gmem', GOOD)])).rejects.toThrow(
      'nothing goes wrong in this race',
    );
  });

  it('prints what the schema says', async () => {
    await exploreCommand(['--json', scenario('bad.gmem', BAD)]);
    for (const line of out) expect(schemaErrors('explore', JSON.parse(line)), line).toEqual([]);
    out.length = 0;
    await exploreCommand(['--json', '--without', 'FA1', scenario('bad.gmem', BAD)]);
    for (const line of out) expect(schemaErrors('without', JSON.parse(line)), line).toEqual([]);
  });

  it('merges the reports of shards, and misses none', async () => {
    const files = ['a.gmem', 'b.gmem', 'c.gmem'].map((name) => scenario(name, GOOD));
    await exploreCommand(['--json', ...files]);
    const whole = out.map((line) => JSON.parse(line) as Record<string, unknown>);
    const parts: string[] = [];
    for (const part of [1, 2]) {
      out.length = 0;
      await exploreCommand(['--json', '--shard', `${part}/2`, ...files]);
      const file = path.join(folder, `part-${part}.jsonl`);
      writeFileSync(file, `${out.join('\n')}\n`);
      parts.push(file);
    }
    out.length = 0;
    expect(await exploreCommand(['--merge', '--json', ...parts])).toBe(0);
    const untimed = (records: readonly Record<string, unknown>[]) =>
      records.map((record) => ({ ...record, milliseconds: 0 }));
    expect(untimed(out.map((line) => JSON.parse(line)))).toEqual(untimed(whole));
    await expect(exploreCommand(['--merge', parts[0]!])).rejects.toThrow('race 2 is in no report');
    await expect(exploreCommand(['--merge', parts[0]!, ...parts])).rejects.toThrow('in several reports');
  });

  it.each([
    [['--shard', '3/2'], '--shard is K/N with K from 1 to N'],
    [['--shard', 'x'], '--shard is K/N'],
    [['--witness', '0'], '--witness is a number from 1'],
    [['--max-states', '-1'], '--max-states'],
    [['--without', 'FA1', '--each'], 'exclude each other'],
  ])('refuses %j', async (options, message) => {
    const found = exploreCommand([...options, scenario('good.gmem', GOOD)]);
    await expect(found).rejects.toThrow(UsageError);
    await expect(found).rejects.toThrow(message);
  });

  it('says where there is no race, or no such order', async () => {
    expect(await exploreCommand([scenario('none.gmem', 'vm default\n')])).toBe(1);
    expect(err.join('\n')).toContain('there is no `race` in these scenarios');
    await expect(exploreCommand(['--witness', '99', scenario('good.gmem', GOOD)])).rejects.toThrow(
      /there is no order 99: they are numbered from 1 to \d/,
    );
  });

  it('says what to do with a document', async () => {
    const page = scenario('race.md', `\`\`\`gmem\n${GOOD}\`\`\`\n`);
    expect(await exploreCommand([page, ...PLAIN])).toBe(1);
    expect(err.join('\n')).toContain('check the scenarios in it with `gmemscope doc check`');
  });

  it('refuses a race that begins while a call is suspended', async () => {
    const text = GOOD.replace('race {', 'fault vcpu 1 read gpa 0x80000000 until FA1 as early\nrace {');
    expect(await exploreCommand([scenario('early.gmem', text)])).toBe(1);
    expect(err.join('\n')).toContain('`early` has not returned where the race begins');
  });
});
