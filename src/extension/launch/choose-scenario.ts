import type { Uri } from 'vscode';
import type { Program } from '../../language';
import { analysisAt, programAtCursor } from '../documents';
import { pickOne } from '../pick';
import { labelText } from '../plain-text';

/**
 * The scenario of a file that is meant: the only one, the one around the cursor, or the one that the user picks.
 * Undefined if the user cancels.
 * @param title Its title, if known; null for the only one.
 * @param question The title of the picker.
 * @throws Error if the file cannot be read or has no scenario with the title.
 */
export async function chooseScenario(
  uri: Uri,
  title: string | null | undefined,
  question: string,
): Promise<Program | undefined> {
  const { programs } = await analysisAt(uri);
  if (typeof title === 'string') {
    const named = programs.find((program) => program.title === title);
    if (named === undefined) throw new Error(`there is no scenario "${title}" in the file`);
    return named;
  }
  const program = programAtCursor(uri, programs);
  if (program !== null) return program;
  const items = programs.map((candidate) => ({
    label: labelText(candidate.title ?? ''),
    description: `${candidate.statements.length} statements`,
    program: candidate,
  }));
  return (await pickOne(items, { title: question, placeholder: 'Scenario in this file' }))?.program;
}
