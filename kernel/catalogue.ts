/** The kernels that scenarios can be recorded on, and their source packages. */

export interface KernelSource {
  /** As after `kernel` in a scenario. */
  readonly name: string;
  /** Debian source package that contains the kernel tree as a tar file. */
  readonly packageName: string;
  /** Suites of the Debian archive to search, in this order. */
  readonly suites: readonly string[];
}

export const KERNELS = [
  {
    name: 'linux-6.12',
    packageName: 'linux-source-6.12',
    suites: ['bookworm', 'bookworm-updates', 'bookworm-security'],
  },
  {
    name: 'linux-7.3',
    packageName: 'linux-source-7.3',
    suites: ['trixie-backports'],
  },
] as const satisfies readonly KernelSource[];

export type RealKernel = (typeof KERNELS)[number]['name'];

/** @returns null if there is no recipe for a kernel with that name. */
export function kernelSource(name: string): KernelSource | null {
  return KERNELS.find((kernel) => kernel.name === name) ?? null;
}

export function isRealKernel(name: string): name is RealKernel {
  return kernelSource(name) !== null;
}
