/** The launch attributes that this debugger reads; VS Code adds its own. */
export interface LaunchConfiguration {
  type: string;
  request: string;
  name: string;
  program?: string;
  /** Title of the scenario if the file has several. */
  scenario?: string;
  stopOnEntry?: boolean;
  [attribute: string]: unknown;
}

// biome-ignore lint/suspicious/noTemplateCurlyInString: a variable that VS Code expands.
export const activeFile = '${file}';

/**
 * A title or a path in which VS Code finds no `${variable}`: it expands those of a launch, and `${command:…}` runs a
 * command. A word joiner between `$` and `{` hides them until the launch is complete.
 */
function withoutVariables(text: string): string {
  return text.replaceAll(/\$(\u2060*)\{/g, '$$$1\u2060{');
}

function asWritten(text: string): string {
  return text.replaceAll(/\$\u2060(\u2060*)\{/g, '$$$1{');
}

/** A launch whose variables VS Code has expanded, with its titles and paths as they are written. */
export function expandedConfiguration<T extends LaunchConfiguration>(given: T): T {
  const entries = Object.entries(given).map(([key, value]) => [
    key,
    typeof value === 'string' ? asWritten(value) : value,
  ]);
  return Object.fromEntries(entries) as T;
}

/**
 * A launch that stops before the first statement of a scenario.
 * @param title The scenario if the file has several; null for the only one, undefined to choose at the start.
 */
export function launchConfiguration(program: string, title?: string | null): LaunchConfiguration {
  const named = typeof title === 'string' ? withoutVariables(title) : null;
  const name = named === null ? 'Step the scenario' : `Step "${named}"`;
  const scenario = named === null ? {} : { scenario: named };
  const at = program === activeFile ? program : withoutVariables(program);
  return { type: 'gmem', request: 'launch', name, program: at, ...scenario, stopOnEntry: true };
}

/** Names of launches that say nothing about the scenario. */
const NAMES = /^(Step the scenario|Run the scenario|Step ".*")$/;

/**
 * The name of a session, which tells it from others: file and title, for example `hole.gmem: a hole`. A name that the
 * user wrote in a launch.json stays.
 */
export function sessionName(name: string, file: string, title: string | null): string {
  if (!NAMES.test(name)) return name;
  return title === null ? file : `${file}: ${title}`;
}

/** The launches offered for the active file, one for each of its scenarios. */
export function launchesFor(titles: readonly (string | null)[]): readonly LaunchConfiguration[] {
  const several = titles.length > 1 ? titles : [];
  return [launchConfiguration(activeFile), ...several.map((title) => launchConfiguration(activeFile, title))];
}

/**
 * A configuration with everything that a launch needs. F5 without a launch.json passes an empty one, and one from a
 * launch.json may name no program. Undefined if it names none and there is no active scenario either.
 *
 * @param active the scenario in the active editor, as a launch names it
 */
export function completeConfiguration(
  given: LaunchConfiguration,
  active: string | undefined,
): LaunchConfiguration | undefined {
  const inFront = active === undefined ? undefined : withoutVariables(active);
  const program = given.program || inFront;
  if (program === undefined) return undefined;
  const named = Object.fromEntries(
    Object.entries(given).filter(([, value]) => value !== '' && value !== undefined),
  );
  const complete: LaunchConfiguration = { ...launchConfiguration(program), ...named, program };
  // The variable expands to a path, which only files on disk have: use the active scenario.
  return program === activeFile && inFront !== undefined ? { ...complete, program: inFront } : complete;
}
