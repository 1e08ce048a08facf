import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  activeFile,
  completeConfiguration,
  expandedConfiguration,
  launchConfiguration,
  launchesFor,
  sessionName,
} from '../../../src/extension/launch/debug-configuration';

const COMMAND = '$'.concat('{command:workbench.action.terminal.new}');

const empty = { type: '', request: '', name: '' };

describe('a launch', () => {
  test('without a launch.json takes the active scenario', () => {
    expect(completeConfiguration(empty, '/a.gmem')).toEqual({
      type: 'gmem',
      request: 'launch',
      name: 'Step the scenario',
      program: '/a.gmem',
      stopOnEntry: true,
    });
  });

  test('keeps what its launch.json says', () => {
    const given = {
      type: 'gmem',
      request: 'launch',
      name: 'Mine',
      program: '/b.gmem',
      stopOnEntry: false,
      noDebug: true,
    };
    expect(completeConfiguration(given, '/a.gmem')).toEqual(given);
  });

  test('of the active file names it by its URI where it has no path', () => {
    const given = { ...empty, program: activeFile };
    expect(completeConfiguration(given, 'memfs:/a.gmem')?.program).toBe('memfs:/a.gmem');
  });

  test('of the active file is left to VS Code where no scenario is active', () => {
    expect(completeConfiguration({ ...empty, program: activeFile }, undefined)?.program).toBe(activeFile);
  });

  test('has no variables of a title or a path, of which one may run a command', () => {
    const texts = fc
      .array(fc.constantFrom('$', '{', '}', COMMAND, '\u2060', 'a'), {
        maxLength: 8,
      })
      .map((parts) => parts.join(''));
    fc.assert(
      fc.property(texts, texts, (title, path) => {
        const given = launchConfiguration(`/${path}`, title);
        expect(JSON.stringify(given)).not.toContain('${');
        const completed = completeConfiguration(empty, `/${path}`)!;
        expect(completed.program).not.toContain('${');
        expect(expandedConfiguration(given)).toMatchObject({ program: `/${path}`, scenario: title });
        expect(expandedConfiguration(completed).program).toBe(`/${path}`);
      }),
    );
  });

  test('without a program and without an active scenario is none', () => {
    expect(completeConfiguration(empty, undefined)).toBeUndefined();
  });
});

test('a session is named by its file and scenario, unless a launch.json names it', () => {
  const names = launchesFor([null]).map(({ name }) => sessionName(name, 'hole.gmem', null));
  expect(names).toEqual(['hole.gmem']);
  for (const { name } of launchesFor(['a hole', 'another']))
    expect(sessionName(name, 'hole.gmem', 'a hole')).toBe('hole.gmem: a hole');
  expect(sessionName('Run the scenario', 'hole.gmem', null)).toBe('hole.gmem');
  expect(sessionName('Mine', 'hole.gmem', 'a hole')).toBe('Mine');
});
