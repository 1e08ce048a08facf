/** The attributes of a launch that this debugger reads; VS Code adds its own. */
export interface LaunchConfiguration {
  type: string;
  request: string;
  name: string;
  program?: string;
  /** Title of one of several scenarios in the file. */
  scenario?: string;
  stopOnEntry?: boolean;
  [attribute: string]: unknown;
}

// biome-ignore lint/suspicious/noTemplateCurlyInString: a variable that VS Code expands.
export const activeFile = '${file}';

/**
 * A launch that stops before the first statement of a scenario.
 * @param title Which of several scenarios in the file; null for the only one, undefined to find out at the start.
 */
export function launchConfiguration(program: string, title?: string | null): LaunchConfiguration {
  const name = typeof title === 'string' ? `Step "${title}"` : 'Step the scenario';
  const scenario = typeof title === 'string' ? { scenario: title } : {};
  return { type: 'gmem', request: 'launch', name, program, ...scenario, stopOnEntry: true };
}

/** The launches that are offered for the active file: one for each of its scenarios. */
export function launchesFor(titles: readonly (string | null)[]): readonly LaunchConfiguration[] {
  const several = titles.length > 1 ? titles : [];
  return [launchConfiguration(activeFile), ...several.map((title) => launchConfiguration(activeFile, title))];
}

/**
 * A configuration with everything in it that a launch needs. F5 without a launch.json gives an empty one; one out of
 * a launch.json may name no program. Undefined where it names none and there is no active scenario either.
 *
 * @param active the scenario in the active editor, as a launch names it
 */
export function completeConfiguration(
  given: LaunchConfiguration,
  active: string | undefined,
): LaunchConfiguration | undefined {
  const program = given.program || active;
  if (program === undefined) return undefined;
  const named = Object.fromEntries(
    Object.entries(given).filter(([, value]) => value !== '' && value !== undefined),
  );
  const complete: LaunchConfiguration = { ...launchConfiguration(program), ...named, program };
  // The variable gives a path, and only files on disk have one: the active scenario is meant.
  return program === activeFile && active !== undefined ? { ...complete, program: active } : complete;
}
