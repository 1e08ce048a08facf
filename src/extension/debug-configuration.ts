/** The attributes of a launch that this debugger reads; VS Code adds its own. */
export interface LaunchConfiguration {
  type: string;
  request: string;
  name: string;
  program?: string;
  stopOnEntry?: boolean;
  [attribute: string]: unknown;
}

// biome-ignore lint/suspicious/noTemplateCurlyInString: a variable that VS Code expands.
export const activeFile = '${file}';

/** A launch that stops before the first statement of a scenario. */
export function launchConfiguration(program: string) {
  return { type: 'gmem', request: 'launch', name: 'Step the scenario', program, stopOnEntry: true };
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
