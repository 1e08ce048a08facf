import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { UsageError } from '../../src/cli/exit';
import { render } from '../../src/cli/render';
import { schemaErrors } from '../generators/json-schema';
import { capturedStdout, scratchFolder } from './scratch';

const { folder, scenario } = scratchFolder();

const hole = scenario(
  'hole.gmem',
  `vm sw-protected
gmem A size 64K
slot 0 gpa 1M size 32K gmem A offset 32K
convert gpa 1M size 32K private
fault vcpu 0 read gpa 1M
punch A offset 32K size 4K
`,
);

const stdout = capturedStdout();
let err: string[];

beforeEach(() => {
  err = [];
  vi.spyOn(console, 'error').mockImplementation((text: string) => void err.push(text));
});

afterEach(() => {
  vi.restoreAllMocks();
});

describe('gmemscope render', () => {
  it('prints what the last statement changed, as plain text', async () => {
    expect(await render([hole])).toBe(0);
    expect(stdout.text).toMatch(/^punch A offset 32K size 4K\n {2}\(hole\.gmem, line 6, /);
    expect(stdout.text).toContain('zapped 4K');
    expect(err).toEqual([]);
  });

  it.each([
    ['by its number', ['--step', '5'], 'fault vcpu 0 read gpa 1M'],
    ['by its line', ['--step', 'line:4'], 'convert gpa 1M size 32K private'],
  ])('finds a statement %s', async (_, args, first) => {
    expect(await render([hole, ...args])).toBe(0);
    expect(stdout.text.split('\n')[0]).toBe(first);
  });

  it('shows the state alone', async () => {
    expect(await render([hole, '--show', 'state'])).toBe(0);
    expect(stdout.text).not.toContain('zapped');
  });

  it.each([
    ['svg', /^<svg /],
    ['html', /^<!DOCTYPE html>/],
    ['ascii', /^punch A/],
  ])('has the format %s', async (format, start) => {
    expect(await render([hole, '--format', format])).toBe(0);
    expect(stdout.text).toMatch(start);
  });

  it.each([
    ['hole.svg', /^<svg /],
    ['hole.html', /^<!DOCTYPE html>/],
    ['hole.txt', /^punch A/],
    ['hole', /^punch A/],
  ])('writes %s in the format that its name says', async (name, start) => {
    const file = path.join(folder, name);
    expect(await render([hole, '--output', file])).toBe(0);
    expect(stdout.text).toBe('');
    expect(readFileSync(file, 'utf8')).toMatch(start);
  });

  it('is as wide as it is asked to be', async () => {
    await render([hole, '--format', 'svg', '--width', '900']);
    expect(stdout.text).toContain(' width="900" ');
  });

  it.each([
    [[], /`render` needs a \.gmem file/],
    [[hole, hole], /`render` takes only one file/],
    [[hole, '--step', '7'], /hole\.gmem: there is no statement 7: it has 6 statements/],
    [[hole, '--step', 'line:9'], /there is no statement on line 9: the last is on line 6/],
    [[hole, '--step', 'punch'], /a step is a number or `line:` and a number, not `punch`/],
    [[hole, '--format', 'png'], /--format is ascii, svg, html or json, not `png`/],
    [[hole, '--show', 'all'], /--show is change or state, not `all`/],
    [[hole, '--width', '900'], /--width is for svg and html: plain text always has 72 columns/],
    [
      [hole, '--format', 'svg', '--width', 'wide'],
      /--width is a number of pixels from 480 to 2000, not `wide`/,
    ],
    [[hole, '--format', 'svg', '--width', '20'], /--width is a number of pixels from 480 to 2000, not `20`/],
    [[scenario('empty.gmem', '# nothing\n')], /empty\.gmem: the scenario has no statements/],
  ])('refuses the command line %j', async (args, message) => {
    await expect(render(args)).rejects.toThrow(UsageError);
    await expect(render(args)).rejects.toThrow(message);
    expect(stdout.text).toBe('');
  });

  it('says where a scenario is wrong, as run does, and draws nothing', async () => {
    const wrong = scenario('wrong.gmem', 'gmem A size 4K\npunch B offset 0 size 4K\n');
    expect(await render([wrong, '--color', 'never'])).toBe(1);
    expect(err[0]).toMatch(/wrong\.gmem:2:7: error: .*B/);
    expect(stdout.text).toBe('');
  });

  it('does not write over a drawing that somebody has edited', async () => {
    const file = scenario('edited.gmem', 'gmem A size 4K\n');
    const output = path.join(folder, 'edited.svg');
    await render([file, '--output', output]);
    const drawn = readFileSync(output, 'utf8');
    // As drawn, it is replaced; so is a file of an earlier version, which has no digest.
    for (const there of [drawn, drawn.replace(/ data-digest="\w+"/, '')]) {
      writeFileSync(output, there);
      expect(await render([file, '--output', output])).toBe(0);
      expect(readFileSync(output, 'utf8')).toBe(drawn);
    }
    const edited = drawn.replace('</svg>', '<text>look here</text></svg>');
    writeFileSync(output, edited);
    await expect(render([file, '--output', output])).rejects.toThrow(
      /edited\.svg was edited after gmemscope drew it, so it is not overwritten: remove it, or name another file/,
    );
    expect(readFileSync(output, 'utf8')).toBe(edited);
  });

  it('says that a file is not there', async () => {
    expect(await render([path.join(folder, 'absent.gmem'), '--color', 'never'])).toBe(1);
    expect(err[0]).toMatch(/absent\.gmem: error: there is no such file/);
  });
});

const overlap = scenario(
  'overlap.gmem',
  `vm sw-protected
gmem A size 64K
slot 0 gpa 1M size 64K gmem A offset 0
convert gpa 1M size 64K private
fault vcpu 0 read gpa 1M until TP5 as early
punch A offset 0 size 4K
continue early
`,
);

const race = scenario(
  'race.gmem',
  `vm default vcpus 2
slot 0 gpa 1M size 64K
race {
  task first { fault vcpu 0 write gpa 1M }
  task second { fault vcpu 1 write gpa 1M }
} => never STALE
`,
);

describe('gmemscope render --schedule', () => {
  it('draws calls that overlap, and orders of a race', async () => {
    expect(await render([overlap, '--schedule'])).toBe(0);
    expect(stdout.text).toMatch(/^schedule of early and VMM\n {2}\(overlap\.gmem, line 5, linux-7\.3, /);
    stdout.text = '';
    expect(await render([race, '--schedule', '--format', 'svg'])).toBe(0);
    expect(stdout.text).toMatch(/^<svg .*class="gmem-figure" data-digest="/);
    expect(stdout.text).toContain('<title>schedule of first and second</title>');
  });

  it.each([
    [overlap, { line: 5 }],
    [race, { line: 3, order: 1 }],
  ])('prints data that the published schema describes: %#', async (file, place) => {
    expect(await render([file, '--schedule', '--json'])).toBe(0);
    const record = JSON.parse(stdout.text);
    expect(schemaErrors('schedule', record)).toEqual([]);
    expect(record).toMatchObject(place);
  });

  it.each([
    [overlap, ['--schedule', '--format', 'html'], '--schedule is drawn as ascii, svg or json'],
    [overlap, ['--schedule', '--show', 'state'], '--schedule and --show exclude each other'],
    [overlap, ['--witness', '1'], '--witness needs --schedule'],
    [race, ['--schedule', '--witness', '0'], '--witness is a number from 1, not `0`'],
    [race, ['--schedule', '--witness', '99'], 'there is no order 99: '],
    [overlap, ['--schedule', '--witness', '1'], 'there is no `race`'],
    [overlap, ['--schedule', '--step', '2'], 'overlaps with no other'],
    [hole, ['--schedule'], 'no calls overlap'],
  ])('says what is wrong: %#', async (file, args, message) => {
    await expect(render([file, ...args])).rejects.toThrow(message);
  });
});
