import { describe, expect, it } from 'vitest';
import { archiveOf, sourcesFile } from '../../kernel/source-package';

const CONFIGURED = [
  { address: 'http://mirror.example/debian/', suite: 'bookworm' },
  { address: 'http://security.example/debian-security', suite: 'bookworm-security' },
  { address: 'http://other.example/tools', suite: 'stable' },
];

describe('archiveOf', () => {
  it.each<[string, typeof CONFIGURED, string]>([
    ['bookworm', CONFIGURED, 'http://mirror.example/debian'],
    ['bookworm-security', CONFIGURED, 'http://security.example/debian-security'],
    ['trixie-backports', CONFIGURED, 'http://mirror.example/debian'],
    ['trixie-security', CONFIGURED, 'http://security.example/debian-security'],
    ['trixie-backports', [], 'http://deb.debian.org/debian'],
    ['bookworm-security', [], 'http://deb.debian.org/debian-security'],
  ])('%s', (suite, configured, expected) => {
    expect(archiveOf(suite, configured)).toBe(expected);
  });
});

it('writes one paragraph for each suite', () => {
  const paragraphs = sourcesFile(['bookworm', 'bookworm-security'], CONFIGURED).split('\n\n');
  expect(paragraphs).toHaveLength(2);
  expect(paragraphs[1]).toContain(
    'URIs: http://security.example/debian-security\nSuites: bookworm-security\n',
  );
});
