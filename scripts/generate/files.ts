import { grammarFile } from './grammar';
import { referenceFile } from './reference';
import { snippetFile } from './snippets';

/** Every generated file, with its path from the top of the repository. */
export const GENERATED_FILES: readonly { readonly path: string; readonly content: () => string }[] = [
  { path: 'syntaxes/gmem.tmLanguage.json', content: grammarFile },
  { path: 'snippets/gmem.json', content: snippetFile },
  { path: 'docs/language.md', content: referenceFile },
];
