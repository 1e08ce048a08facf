import type { Uri } from 'vscode';
import type { Program } from '../../language';
import { analysisAt, programAtCursor } from '../documents';
import { pickOne } from '../pick';

/**
 * Which scenario of a file is meant: the only one, the one around the cursor, or the one that a person picks. Undefined
 * where they pick none.
 * @param title Which one, where that is known; null for the only one.
 * @param question What they are asked.
 * @throws Error where the file cannot be read, or none has the title.
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
    label: candidate.title ?? '',
    description: `${candidate.statements.length} statements`,
    program: candidate,
  }));
  return (await pickOne(items, { title: question, placeholder: 'A scenario of this file' }))?.program;
}
