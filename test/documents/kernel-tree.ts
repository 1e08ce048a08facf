import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';

/** A tree under git, with the author and the date of an example patch. */
export interface KernelTree {
  readonly root: string;
  /** Runs git in the tree, and gives what it prints. */
  readonly git: (...args: readonly string[]) => string;
  readonly remove: () => void;
}

const AUTHOR = { name: 'A U Thor', email: 'author@example.com', date: '2025-01-01T00:00:00Z' };

export function makeKernelTree(): KernelTree {
  const root = mkdtempSync(path.join(tmpdir(), 'gmemscope-tree-'));
  const { name, email, date } = AUTHOR;
  const env = {
    PATH: process.env.PATH,
    HOME: root,
    GIT_CONFIG_NOSYSTEM: '1',
    GIT_AUTHOR_NAME: name,
    GIT_AUTHOR_EMAIL: email,
    GIT_AUTHOR_DATE: date,
    GIT_COMMITTER_NAME: name,
    GIT_COMMITTER_EMAIL: email,
    GIT_COMMITTER_DATE: date,
  };
  const git = (...args: readonly string[]) => {
    const { status, stdout, stderr, error } = spawnSync('git', args, { cwd: root, encoding: 'utf8', env });
    if (status !== 0) throw new Error(`git ${args.join(' ')}: ${error?.message ?? stderr}`);
    return stdout;
  };
  git('init', '--quiet', '--initial-branch=master');
  git('commit', '--quiet', '--allow-empty', '--message=A tree without this document');
  return { root, git, remove: () => rmSync(root, { recursive: true, force: true }) };
}

/** The last commit as a patch to be mailed; the same bytes each time. */
export function patchOf({ git }: KernelTree): string {
  return git('format-patch', '--stdout', '--zero-commit', '--full-index', '--no-signature', '-1');
}
