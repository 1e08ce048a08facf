import { findProgram } from './find-program';

const names = ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable', 'chrome'];

/** The Chromium to test in: CHROME_PATH, else the first on the PATH; undefined where there is none. */
export function findChromium(environment: Readonly<Record<string, string | undefined>>): string | undefined {
  return environment.CHROME_PATH || findProgram(names, environment);
}
