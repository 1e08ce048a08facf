import { findProgram } from './find-program';

const names = ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable', 'chrome'];

/** The Chromium for tests: CHROME_PATH, or the first on the PATH; undefined if there is none. */
export function findChromium(environment: Readonly<Record<string, string | undefined>>): string | undefined {
  return environment.CHROME_PATH || findProgram(names, environment);
}
