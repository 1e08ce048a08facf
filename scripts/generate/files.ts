import { evidenceFile } from './evidence';
import { FENCE_GRAMMARS } from './fence-grammar';
import { grammarFile } from './grammar';
import { layersFile } from './layers';
import { pointsFile } from './points';
import { previewStyleFile } from './preview-style';
import { proceduresFile } from './procedures';
import { referenceFile } from './reference';
import { REPORTS } from './reports';
import { schemaFile } from './schema/documents';

/** All generated files, with their paths from the root of the repository. */
export const GENERATED_FILES: readonly { readonly path: string; readonly content: () => string }[] = [
  { path: 'syntaxes/gmem.tmLanguage.json', content: grammarFile },
  { path: 'docs/language.md', content: referenceFile },
  { path: 'docs/evidence.md', content: evidenceFile },
  { path: 'docs/procedures.md', content: proceduresFile },
  { path: 'docs/points.md', content: pointsFile },
  { path: 'media/preview.css', content: previewStyleFile },
  { path: 'docs/layers.svg', content: layersFile },
  { path: 'docs/gmemscope.schema.json', content: schemaFile },
  ...FENCE_GRAMMARS,
  ...REPORTS,
];
