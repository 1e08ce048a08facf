/** The scenarios that a command line asks for, ready to run. */
import { capped, type Program } from '../language';
import { FAILED, OK } from './exit';
import { diagnosticText, fileErrorText, programsOf, readScenario, type Scenario } from './scenario';
import type { Painter } from './style';

/**
 * Visits each file that can be run with the scenarios in it that have the title, or all; says of the others what is
 * wrong with them. Returns the exit status.
 */
export async function visitPrograms(
  files: readonly string[],
  title: string | undefined,
  paint: Painter,
  visit: (scenario: Scenario, programs: readonly Program[]) => void,
): Promise<number> {
  let status = OK;
  for (const file of files) {
    try {
      const scenario = await readScenario(file);
      const { diagnostics } = scenario.analysis;
      for (const diagnostic of capped(diagnostics))
        console.error(diagnosticText(scenario, diagnostic, paint));
      if (diagnostics.some(({ severity }) => severity === 'error')) status = FAILED;
      else visit(scenario, programsOf(scenario.analysis, title));
    } catch (error) {
      console.error(fileErrorText(file, error, paint));
      status = FAILED;
    }
  }
  return status;
}
