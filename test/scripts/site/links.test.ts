import { expect, test } from 'vitest';
import { type SiteMap, sourcesOf, targetOf } from '../../../scripts/site/links';

const pages: Readonly<Record<string, string>> = {
  'docs/language.md': 'language.md',
  'docs/gallery/README.md': 'gallery/index.md',
  'examples/knobs/a.gmem': 'examples/knobs/a.md',
  'kernel/README.md': 'real-kernels.md',
};
const map = (sources?: string): SiteMap => ({
  pageOf: (origin) => pages[origin],
  hasFile: (origin) => origin === 'docs/kernel/a.patch',
  sources,
});

test.each([
  ['language.md#punch', 'docs/tutorial.md', { kind: 'link', href: '/language.md#punch' }],
  ['../language.md', 'docs/gallery/one.md', { kind: 'link', href: '/language.md' }],
  ['gallery/', 'docs/README.md', { kind: 'link', href: '/gallery/index.md' }],
  ['../kernel', 'docs/architecture.md', { kind: 'link', href: '/real-kernels.md' }],
  ['../examples/knobs/a.gmem', 'docs/kernels.md', { kind: 'link', href: '/examples/knobs/a.md' }],
  ['kernel/a.patch', 'docs/kernels.md', { kind: 'link', href: 'kernel/a.patch' }],
  ['#here', 'docs/kernels.md', { kind: 'link', href: '#here' }],
  ['https://docs.kernel.org/', 'docs/kernels.md', { kind: 'link', href: 'https://docs.kernel.org/' }],
  ['../src/language', 'docs/architecture.md', { kind: 'source', path: 'src/language' }],
])('%s in %s', (href, from, target) => {
  expect(targetOf(href, from, map())).toEqual(target);
});

test('what the site does not have is in the repository, where there is one', () => {
  const sources = sourcesOf({ type: 'git', url: 'git+https://example.org/some/one.git' });
  expect(targetOf('../src/language#L3', 'docs/architecture.md', map(sources))).toEqual({
    kind: 'link',
    href: 'https://example.org/some/one/blob/HEAD/src/language#L3',
  });
  expect(sourcesOf(undefined)).toBeUndefined();
});
