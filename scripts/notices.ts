/** The licences of the packages whose code is in the bundles: THIRD_PARTY_NOTICES.txt. */
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import type { Metafile } from 'esbuild';

/** Name of the file in dist/. */
export const NOTICES = 'THIRD_PARTY_NOTICES.txt';

/** A package whose code is in a bundle. */
export interface BundledPackage {
  readonly name: string;
  readonly version: string;
  readonly license: string;
  /** The texts of its licence and of its own notices. */
  readonly texts: readonly string[];
}

/** The folder of the innermost package that a module belongs to; null for a module of this project. */
function packageFolder(module: string): string | null {
  const at = module.lastIndexOf('node_modules/');
  if (at < 0) return null;
  const [first = '', second = ''] = module.slice(at + 'node_modules/'.length).split('/');
  const name = first.startsWith('@') ? `${first}/${second}` : first;
  return module.slice(0, at) + path.posix.join('node_modules', name);
}

/** Modules that tree shaking does not remove completely. */
function bundledModules({ outputs }: Metafile): readonly string[] {
  return Object.values(outputs).flatMap(({ inputs }) =>
    Object.entries(inputs).flatMap(([module, { bytesInOutput }]) => (bytesInOutput > 0 ? [module] : [])),
  );
}

const LEGAL = /^(licen[cs]e|copying|notice|third.?party.?notices?)(-[\w.]+)?(\.(txt|md))?$/i;

/** @throws Error if the package has no text of its licence. */
function readPackage(folder: string): BundledPackage {
  const { name, version, license } = JSON.parse(readFileSync(path.join(folder, 'package.json'), 'utf8')) as {
    name: string;
    version: string;
    license?: string;
  };
  const files = readdirSync(folder).filter((file) => LEGAL.test(file));
  if (license === undefined || files.length === 0)
    throw new Error(`${name} has no licence: its code cannot be distributed`);
  const texts = files.sort().map((file) => readFileSync(path.join(folder, file), 'utf8').trim());
  return { name, version, license, texts: texts.map((text) => text.replaceAll('\r\n', '\n')) };
}

/**
 * The packages in some bundles, by name.
 * @param root The folder that paths of modules are relative to.
 */
export function bundledPackages(metafiles: readonly Metafile[], root: string): readonly BundledPackage[] {
  const folders = new Set(metafiles.flatMap(bundledModules).map(packageFolder));
  return [...folders]
    .filter((folder) => folder !== null)
    .map((folder) => readPackage(path.join(root, folder)))
    .sort((a, b) => (a.name < b.name ? -1 : 1));
}

/** The first line of a package in the notices. */
export function noticeHead({ name, version, license }: BundledPackage): string {
  return `${name} ${version} (${license})`;
}

export function noticesText(packages: readonly BundledPackage[]): string {
  const rule = '-'.repeat(80);
  return [
    'gmemscope contains code of the following packages.',
    ...packages.map((one) => [rule, noticeHead(one), '', one.texts.join('\n\n')].join('\n')),
    '',
  ].join('\n\n');
}
