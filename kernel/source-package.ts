/** Fetches a kernel's source package from the Debian archive without changing the machine's apt configuration. */
import { mkdir, readdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { KernelSource } from './catalogue';
import { runCommand } from './command';

/** The archive to use if the machine's apt does not name a mirror. */
const DEFAULT_ARCHIVE = 'http://deb.debian.org/debian';
const KEYRING = '/usr/share/keyrings/debian-archive-keyring.gpg';

/** A mirror that the machine's apt uses: address and suite, as `apt-get indextargets` prints them. */
export interface ConfiguredSuite {
  readonly address: string;
  readonly suite: string;
}

/** The URL for a suite: the machine's own mirror or, failing that, Debian's. */
export function archiveOf(suite: string, configured: readonly ConfiguredSuite[]): string {
  const trimmed = configured.map((entry) => ({ ...entry, address: entry.address.replace(/\/+$/, '') }));
  const same = trimmed.find((entry) => entry.suite === suite);
  if (same !== undefined) return same.address;
  const wanted = suite.endsWith('-security') ? '/debian-security' : '/debian';
  const sibling = trimmed.find(({ address }) => address.endsWith(wanted));
  if (sibling !== undefined) return sibling.address;
  return suite.endsWith('-security') ? `${DEFAULT_ARCHIVE}-security` : DEFAULT_ARCHIVE;
}

/** A sources file (deb822) for these suites. */
export function sourcesFile(suites: readonly string[], configured: readonly ConfiguredSuite[]): string {
  return suites
    .map((suite) =>
      [
        'Types: deb',
        `URIs: ${archiveOf(suite, configured)}`,
        `Suites: ${suite}`,
        'Components: main',
        'Architectures: amd64',
        `Signed-By: ${KEYRING}`,
        '',
      ].join('\n'),
    )
    .join('\n');
}

async function configuredSuites(signal: AbortSignal | undefined): Promise<readonly ConfiguredSuite[]> {
  const format = ['indextargets', '--format', '$(REPO_URI) $(RELEASE)', 'Created-By: Packages'];
  const output = await runCommand('apt-get', format, { signal });
  return output.split('\n').flatMap((line) => {
    const [address, suite] = line.split(' ');
    return address === undefined || suite === undefined ? [] : [{ address, suite }];
  });
}

/**
 * Downloads the package into `folder`, with a private apt state below it. The archive's signature is checked as usual.
 * @returns The path of the .deb file.
 */
export async function fetchSourcePackage(
  kernel: KernelSource,
  folder: string,
  signal?: AbortSignal,
): Promise<string> {
  const state = join(folder, 'apt');
  for (const part of ['sources', 'lists/partial', 'cache/archives/partial']) {
    await mkdir(join(state, part), { recursive: true });
  }
  await writeFile(join(state, 'status'), '');
  const sources = sourcesFile(kernel.suites, await configuredSuites(signal));
  await writeFile(join(state, 'sources', 'kernel.sources'), sources);
  const settings = [
    `Dir::Etc::sourcelist=${join(state, 'no-list')}`,
    `Dir::Etc::sourceparts=${join(state, 'sources')}`,
    `Dir::State::lists=${join(state, 'lists')}`,
    `Dir::State::status=${join(state, 'status')}`,
    `Dir::Cache=${join(state, 'cache')}`,
    'Acquire::Languages=none',
    // The unprivileged user that apt downloads as cannot write below a home directory.
    'APT::Sandbox::User=',
  ].flatMap((setting) => ['-o', setting]);
  await runCommand('apt-get', [...settings, 'update'], { signal });
  await runCommand('apt-get', [...settings, 'download', kernel.packageName], { cwd: folder, signal });
  await rm(state, { recursive: true, force: true });
  const deb = (await readdir(folder)).find((name) => name.endsWith('.deb'));
  if (deb === undefined) throw new Error(`apt-get downloaded no ${kernel.packageName}`);
  return join(folder, deb);
}
