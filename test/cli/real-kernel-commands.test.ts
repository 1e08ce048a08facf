import { describe, expect, it } from 'vitest';
import { record, verify } from '../../src/cli/real-kernel-commands';
import { capturedConsole, scratchFolder } from './scratch';

const { folder, scenario } = scratchFolder();
const { out, err } = capturedConsole();

const SETUP = 'vm sw-protected vcpus 2\ngmem A size 64K\nslot 0 gpa 1M size 64K gmem A offset 0\n';
const RACE = 'delete slot 0 until SW2w as gone\ncontinue gone\n';

/** Nothing is left to run on a kernel, so none is booted. */
describe.each([
  ['verify', verify],
  ['record', record],
] as const)('gmemscope %s', (_, command) => {
  it('refuses to suspend a call where the kernel has no place for it, with the line and what to do', async () => {
    const file = scenario('race.gmem', SETUP + RACE);
    expect(await command([file, '--kernel', 'linux-7.3', '--color', 'never'])).toBe(1);
    expect(err.join('\n').replaceAll(`${folder}/`, '').split('\n')).toEqual([
      "race.gmem:4: error: `until SW2w`: this label has no place in the kernel's source",
      'race is not run on a real kernel: suspend the calls at other steps, or run it with `gmemscope run` or `gmemscope test`',
    ]);
    expect(out).toEqual([]);
  });

  it('refuses a race with a task that repeats', async () => {
    const tasks = 'task a repeats { fault vcpu 0 read gpa 1M } task b { punch A offset 0 size 4K }';
    const file = scenario('endless.gmem', `${SETUP}race {\n${tasks}\n} => never STALE\n`);
    expect(await command([file, '--kernel', 'linux-7.3', '--color', 'never'])).toBe(1);
    expect(err.join('\n')).toContain('a task that repeats never ends, so there is no end to compare');
  });

  it('names the scenario of a file that has several', async () => {
    const file = scenario('races.gmem', `${SETUP}scenario "one" {\n${RACE}}\nscenario "two" {\n${RACE}}\n`);
    expect(await command([file, '--kernel', 'linux-6.12', '--color', 'never'])).toBe(1);
    const refused = err.filter((text) => text.includes('is not run'));
    expect(refused.map((text) => text.split('\n').at(-1)?.split(' is not')[0])).toEqual([
      'races: one',
      'races: two',
    ]);
  });
});

it('gmemscope record refuses a race, which runs in one order there', async () => {
  const tasks = 'task a { fault vcpu 0 read gpa 1M } task b { punch A offset 0 size 4K }';
  const file = scenario('orders.gmem', `${SETUP}race {\n${tasks}\n} => never STALE\n`);
  expect(await record([file, '--kernel', 'linux-7.3', '--color', 'never'])).toBe(1);
  expect(err.join('\n').replaceAll(`${folder}/`, '').split('\n')).toEqual([
    'orders.gmem:5: error: a real kernel runs the calls of a `race` in one order, and nobody can say in which',
    'orders is not run on a real kernel: remove the `race`, or run it with `gmemscope run` or `gmemscope test`',
  ]);
});
