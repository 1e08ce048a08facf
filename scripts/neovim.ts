import { findProgram } from './find-program';

/** The Neovim for tests: NVIM_PATH, or the one on the PATH; undefined if there is none. */
export function findNeovim(environment: Readonly<Record<string, string | undefined>>): string | undefined {
  return environment.NVIM_PATH || findProgram(['nvim'], environment);
}
