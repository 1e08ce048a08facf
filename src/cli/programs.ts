/** The scenarios that a command line asks for, ready to run. */
import { capped, type Program } from '../language';
import { FAILED, OK } from './exit';
import { printError } from './output';
import { diagnosticText, fileErrorText, programsOf, readScenario, type ScenarioFile } from './scenario-file';
import type { Painter } from './style';

/**
 * Visits each file without errors, with the scenarios that have the title, or all of them; prints the errors of the
 * other files. Returns the exit status.
 */
export async function visitPrograms(
  files: readonly string[],
  title: string | undefined,
  paint: Painter,
  visit: (scenario: ScenarioFile, programs: readonly Program[]) => void,
  complain: (line: string) => void = printError,
): Promise<number> {
  let status = OK;
  for (const file of files) {
    try {
      const scenario = await readScenario(file);
      const { diagnostics } = scenario.analysis;
      for (const diagnostic of capped(diagnostics)) complain(diagnosticText(scenario, diagnostic, paint));
      if (diagnostics.some(({ severity }) => severity === 'error')) status = FAILED;
      else visit(scenario, programsOf(scenario.analysis, title));
    } catch (error) {
      complain(fileErrorText(file, error, paint));
      status = FAILED;
    }
  }
  return status;
}
