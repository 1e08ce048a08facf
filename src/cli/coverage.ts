/** The coverage that `gmemscope test` is asked for, and its summary. */
import { statSync } from 'node:fs';
import type { ProfileCoverage } from '../outcome';
import { UsageError } from './exit';

/** Folder of the coverage unless the command line names another. */
const FOLDER = 'coverage';

const OPTION = '--coverage';

/**
 * Separates `--coverage` and `--coverage=FOLDER` from the other arguments. Only `=` names the folder, since `--coverage`
 * may precede the scenarios.
 * @throws UsageError if the name of the folder is empty, or that of a file.
 */
export function coverageOption(args: readonly string[]): {
  readonly folder: string | null;
  readonly others: readonly string[];
} {
  const end = args.indexOf('--');
  const isOwn = (one: string, at: number) =>
    (end < 0 || at < end) && (one === OPTION || one.startsWith(`${OPTION}=`));
  const own = args.filter(isOwn).at(-1);
  if (own === `${OPTION}=`) throw new UsageError(`${OPTION}= needs the name of a folder behind it`);
  const folder = own === undefined ? null : own.slice(OPTION.length + 1) || FOLDER;
  if (folder !== null && statSync(folder, { throwIfNoEntry: false })?.isDirectory() === false) {
    throw new UsageError(`${OPTION}: ${folder} is a file; name a folder with ${OPTION}=FOLDER`);
  }
  return {
    folder,
    others: args.filter((one, at) => !isOwn(one, at)),
  };
}

/** `linux-7.3: 299 of 318 steps`, a line for each profile. */
export function coverageLines(profiles: readonly ProfileCoverage[]): readonly string[] {
  return profiles.map(({ kernel, reached, steps }) => `${kernel}: ${reached} of ${steps} steps`);
}
