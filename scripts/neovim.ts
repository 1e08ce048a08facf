import { findProgram } from './find-program';

/** The Neovim to test with: NVIM_PATH, else the one on the PATH; undefined where there is none. */
export function findNeovim(environment: Readonly<Record<string, string | undefined>>): string | undefined {
  return environment.NVIM_PATH || findProgram(['nvim'], environment);
}
