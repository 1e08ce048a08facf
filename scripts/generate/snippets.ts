import { STATEMENTS, snippetsOf } from '../../src/language';

/** snippets/gmem.json: what an editor offers without the language server. */
export function snippetFile(): string {
  const snippets = STATEMENTS.flatMap(snippetsOf).map(({ label, doc, body }) => [
    label,
    { prefix: label.replaceAll(' …', ''), description: doc, body },
  ]);
  return `${JSON.stringify(Object.fromEntries(snippets), null, 2)}\n`;
}
