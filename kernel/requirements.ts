/** Programs and files that the machine needs, and the Debian packages that provide them. */
import { access, constants } from 'node:fs/promises';
import { delimiter, join } from 'node:path';

export interface Requirement {
  /** A program in PATH, or an absolute path of a file. */
  readonly needs: string;
  readonly packageName: string;
}

/** Needed to boot a kernel that is already built. */
export const TO_RUN: readonly Requirement[] = [
  { needs: 'qemu-system-x86_64', packageName: 'qemu-system-x86' },
  { needs: 'setpriv', packageName: 'util-linux' },
  { needs: 'gcc', packageName: 'gcc' },
  { needs: '/usr/include/linux/kvm.h', packageName: 'linux-libc-dev' },
  { needs: '/usr/include/stdio.h', packageName: 'libc6-dev' },
];

/** Needed to fetch and build one. */
export const TO_BUILD: readonly Requirement[] = [
  { needs: 'apt-get', packageName: 'apt' },
  { needs: 'dpkg-deb', packageName: 'dpkg' },
  { needs: 'tar', packageName: 'tar' },
  { needs: 'xz', packageName: 'xz-utils' },
  { needs: 'gcc', packageName: 'gcc' },
  { needs: 'make', packageName: 'make' },
  { needs: 'flex', packageName: 'flex' },
  { needs: 'bison', packageName: 'bison' },
  { needs: 'bc', packageName: 'bc' },
  { needs: 'perl', packageName: 'perl' },
  { needs: '/usr/include/libelf.h', packageName: 'libelf-dev' },
  { needs: '/usr/include/openssl/opensslv.h', packageName: 'libssl-dev' },
];

async function isThere(needs: string, path: string): Promise<boolean> {
  const candidates = needs.startsWith('/')
    ? [needs]
    : path.split(delimiter).flatMap((folder) => (folder === '' ? [] : [join(folder, needs)]));
  const mode = needs.startsWith('/') ? constants.R_OK : constants.X_OK;
  for (const candidate of candidates) {
    if (
      await access(candidate, mode).then(
        () => true,
        () => false,
      )
    )
      return true;
  }
  return false;
}

/** The requirements that this machine does not meet. */
export async function missing(
  requirements: readonly Requirement[],
  path: string = process.env.PATH ?? '',
): Promise<readonly Requirement[]> {
  const found = await Promise.all(requirements.map(({ needs }) => isThere(needs, path)));
  return requirements.filter((_, index) => !found[index]);
}

/** The message that lists them. */
export function explainMissing(requirements: readonly Requirement[], purpose: string): string {
  const packages = [...new Set(requirements.map(({ packageName }) => packageName))];
  const needs = requirements.map(({ needs }) => needs).join(', ');
  return `${purpose} needs ${needs}. On Debian and Ubuntu: sudo apt-get install ${packages.join(' ')}`;
}

/** @throws Error with what to install, if something is missing. */
export async function demand(requirements: readonly Requirement[], purpose: string): Promise<void> {
  const lacking = await missing(requirements);
  if (lacking.length > 0) throw new Error(explainMissing(lacking, purpose));
}
