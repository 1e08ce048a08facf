/** The copy of the repository in which mutants are tried, so that nobody's files change. */
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { cpSync, existsSync, mkdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { projectRoot } from '../../workbench/paths';

export interface Tree {
  readonly folder: string;
  /** Of all that is in it. */
  readonly hash: string;
  readonly files: readonly string[];
}

/** Copies what git knows of, as it is now, changed or not. What an earlier run compiled stays, and is up to date. */
export function copyTree(folder: string): Tree {
  const { stdout, status } = spawnSync(
    'git',
    ['ls-files', '-z', '--cached', '--others', '--exclude-standard'],
    {
      cwd: projectRoot,
      encoding: 'utf8',
      maxBuffer: 2 ** 26,
    },
  );
  if (status !== 0) throw new Error('git does not list the files of the repository');
  const files = [...new Set(stdout.split('\0'))]
    .filter((file) => file !== '' && existsSync(path.join(projectRoot, file)))
    .sort();
  for (const old of knownFiles(folder))
    if (!files.includes(old)) rmSync(path.join(folder, old), { force: true });
  const hash = createHash('sha256');
  for (const file of files) {
    const content = readFileSync(path.join(projectRoot, file));
    hash.update(`${file}\0${content.length}\0`).update(content);
    copyWhereDifferent(content, file, folder);
  }
  mkdirSync(path.join(folder, '.cache'), { recursive: true });
  writeFileSync(path.join(folder, '.cache', 'files.json'), JSON.stringify(files));
  const modules = path.join(folder, 'node_modules');
  if (!existsSync(modules)) symlinkSync(path.join(projectRoot, 'node_modules'), modules, 'junction');
  return { folder, hash: hash.digest('hex'), files };
}

function knownFiles(folder: string): readonly string[] {
  const list = path.join(folder, '.cache', 'files.json');
  return existsSync(list) ? JSON.parse(readFileSync(list, 'utf8')) : [];
}

function copyWhereDifferent(content: Buffer, file: string, folder: string): void {
  const target = path.join(folder, file);
  if (existsSync(target) && readFileSync(target).equals(content)) return;
  cpSync(path.join(projectRoot, file), target);
}
