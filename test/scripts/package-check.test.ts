import { describe, expect, test } from 'vitest';
import { NOTICES, noticesText } from '../../scripts/notices';
import { packageFiles, packageProblems } from '../../scripts/package-check';
import { zipOf } from './zip';

const packages = [{ name: 'left', version: '1.0.0', license: 'MIT', texts: ['Copyright (c) Somebody'] }];
const notices = `extension/dist/${NOTICES}`;
const readme = 'extension/readme.md';
const whole: Record<string, string> = {
  ...Object.fromEntries(packageFiles.map((name) => [name, ''])),
  [notices]: noticesText(packages),
};
const withoutReadme = Object.fromEntries(Object.entries(whole).filter(([name]) => name !== readme));

describe('a package', () => {
  test('with all its files and a readme whose links lead into it is fit to be handed out', async () => {
    const text =
      '![icon](media/icon.png) [licence](LICENSE.txt#top) [web](https://example.org) [here](#here)';
    expect(await packageProblems(zipOf({ ...whole, [readme]: text }), packages)).toEqual([]);
  });

  test.each<[string, Record<string, string>, string]>([
    ['a missing file', withoutReadme, 'extension/readme.md is missing.'],
    [
      'a bundled package without its licence',
      { ...whole, [notices]: 'left 1.0.0 (MIT)' },
      `${notices} has no licence of left.`,
    ],
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
    expect(await packageProblems(zipOf(files), packages)).toEqual([problem]);
  });
});
