import { describe, expect, test } from 'vitest';
import { packageFiles, packageProblems } from '../../scripts/package-check';
import { zipOf } from './zip';

const readme = 'extension/readme.md';
const whole = Object.fromEntries(packageFiles.map((name) => [name, '']));
const { [readme]: _readme, ...withoutReadme } = whole;

describe('a package', () => {
  test('with all its files and a readme whose links lead into it is fit to be handed out', async () => {
    const text =
      '![icon](media/icon.png) [licence](LICENSE.txt#top) [web](https://example.org) [here](#here)';
    expect(await packageProblems(zipOf({ ...whole, [readme]: text }))).toEqual([]);
  });

  test.each<[string, Record<string, string>, string]>([
    ['a missing file', withoutReadme, 'extension/readme.md is missing.'],
    ['a file too many', { ...whole, 'extension/notes.md': '' }, 'extension/notes.md should not be included.'],
    [
      'a picture that was left out',
      { ...whole, [readme]: '![the editor](media/screenshot.png "title")' },
      'The readme links to media/screenshot.png, which is not included.',
    ],
    [
      'a picture in HTML that was left out',
      { ...whole, [readme]: '<img width="10" src="media/a.png">' },
      'The readme links to media/a.png, which is not included.',
    ],
    [
      'a link into the repository',
      { ...whole, [readme]: 'Read [the language](docs/language.md).' },
      'The readme links to docs/language.md, which is not included.',
    ],
  ])('with %s is refused', async (_title, files, problem) => {
    expect(await packageProblems(zipOf(files))).toEqual([problem]);
  });
});
