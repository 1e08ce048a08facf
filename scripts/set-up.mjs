/**
 * Checks what the other commands need before they run. Plain JavaScript without dependencies: on a fresh clone, nothing
 * that could read TypeScript is installed yet.
 */
import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

export const projectRoot = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '..');

const oldestNode = [20, 20];

/** @param {string} version as process.versions.node has it */
function tooOld(version) {
  const [major = 0, minor = 0] = version.split('.').map(Number);
  return major < oldestNode[0] || (major === oldestNode[0] && minor < oldestNode[1]);
}

/**
 * Whether node_modules matches package-lock.json. npm records what it installed in node_modules/.package-lock.json;
 * optional packages for other platforms may be missing.
 * @param {string} root
 */
export function dependenciesAreCurrent(root) {
  const installedLock = path.join(root, 'node_modules', '.package-lock.json');
  if (!existsSync(installedLock)) return false;
  const wanted = JSON.parse(readFileSync(path.join(root, 'package-lock.json'), 'utf8')).packages;
  const installed = JSON.parse(readFileSync(installedLock, 'utf8')).packages;
  return Object.entries(wanted).every(
    ([place, { version, optional }]) => place === '' || optional || installed[place]?.version === version,
  );
}

/**
 * Installs the packages of a folder if they are missing or stale; ends the process if that fails.
 * @param {string} root
 * @param {string} what they are for
 */
function install(root, what) {
  if (dependenciesAreCurrent(root)) return;
  console.log(`Installing ${what} (npm ci) ...`);
  // Use the npm that runs this script, if any: another one on the PATH may belong to another Node.
  const npm = process.env.npm_execpath;
  const [command, leading, shell] = npm
    ? [process.execPath, [npm], false]
    : ['npm', [], process.platform === 'win32'];
  const { status, error } = spawnSync(command, [...leading, 'ci', '--no-audit', '--no-fund'], {
    cwd: root,
    stdio: 'inherit',
    shell,
  });
  if (status === 0) return;
  console.error(`npm ci failed${error ? `: ${error.message}` : ''}. Nothing was started.`);
  process.exit(status || 1);
}

/** Installs the dependencies of the project. */
export function setUp() {
  if (tooOld(process.versions.node)) {
    console.error(
      `gmemscope needs Node ${oldestNode.join('.')} or later; this is Node ${process.versions.node} (${process.execPath}).`,
    );
    process.exit(1);
  }
  install(projectRoot, 'the dependencies');
}

/** Installs the site generator, which nothing else needs. */
export function setUpSite() {
  install(path.join(projectRoot, 'site'), 'the site generator into site/node_modules, about 100 MB');
}
