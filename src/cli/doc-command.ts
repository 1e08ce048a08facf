/** `gmemscope doc`: documents with scenarios in them. */

import { existsSync } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import path from 'node:path';
import {
  applyLines,
  type CheckedDocument,
  checkDocument,
  findingText,
  findPartsOf,
  type RefusedFile,
} from '../documents';
import { counted } from '../outcome';
import { parseCommandLine } from './command-line';
import { FAILED, OK, UsageError } from './exit';
import { followLinks } from './links';
import { type FileOutcome, keptLines, print } from './output';
import { onAllProcessors } from './parallel';
import { saveFile } from './save';
import { fileErrorText, readText, readTextNow, rewriteText } from './scenario-file';
import { isPainted, painter } from './style';

/** The path of a file that a document names, or why it may not be read or written. */
function placeInRoot(document: string, named: string, root: string): string | RefusedFile {
  if (/^(?:[a-z][a-z0-9+.-]*:|\/\/)/i.test(named)) {
    return { refused: 'it is a URL; only local files are read and written' };
  }
  if (path.isAbsolute(named)) {
    return { refused: 'its path is absolute; use a path relative to the document' };
  }
  const place = path.resolve(path.dirname(document), named);
  const isInside = (one: string) => one.startsWith(root + path.sep);
  if (isInside(place) && isInside(followLinks(place))) return place;
  return { refused: `it is outside ${root}; use \`--root FOLDER\` to allow another folder` };
}

/** Text of a file beside the document; null if there is none. */
function readBeside(document: string, named: string, root: string): string | null | RefusedFile {
  const place = placeInRoot(document, named, root);
  if (typeof place !== 'string') return place;
  try {
    return existsSync(place) ? readTextNow(place) : null;
  } catch (error) {
    return { refused: (error as Error).message };
  }
}

async function write(
  file: string,
  text: string,
  root: string,
  { edits, files }: CheckedDocument,
): Promise<void> {
  for (const { path: named, content } of files) {
    const place = placeInRoot(file, named, root);
    if (typeof place !== 'string') throw new Error(`${named}: ${place.refused}`);
    await mkdir(path.dirname(place), { recursive: true });
    await saveFile(place, content);
  }
  if (edits.length > 0) await rewriteText(file, applyLines(text, edits), text);
}

/** One block may show another, so an update is repeated; this is the limit. */
const MOST_PASSES = 4;

/** Updates the document; returns the remaining findings and the number of rewritten blocks. */
async function update(
  file: string,
  root: string,
  check: (text: string) => CheckedDocument,
): Promise<{ checked: CheckedDocument; changed: number }> {
  const changed = new Set<number>();
  for (let pass = 0; ; pass++) {
    const text = await readText(file);
    const checked = check(text);
    const isDone = checked.rewritten.size === 0 || pass === MOST_PASSES;
    if (isDone) return { checked, changed: changed.size };
    await write(file, text, root, checked);
    for (const block of checked.rewritten) changed.add(block);
  }
}

/** A document to check or update. */
export interface DocJob {
  readonly action: 'check' | 'update';
  readonly file: string;
  /** The folder of the files that may be read and written. */
  readonly root: string;
  readonly painted: boolean;
}

/** Checks or updates one document. */
export async function checkOrUpdate({ action, file, root, painted }: DocJob): Promise<FileOutcome> {
  const paint = painter(painted);
  const { printer, printed } = keptLines();
  try {
    const findParts = findPartsOf(file);
    if (findParts === null) throw new Error('it is neither Markdown (.md) nor reStructuredText (.rst, .txt)');
    const document = path.resolve(file);
    const check = (content: string) =>
      checkDocument(content, {
        findParts,
        readFile: (named) => readBeside(document, named, root),
      });
    const { checked, changed } =
      action === 'update'
        ? await update(document, root, check)
        : { checked: check(await readText(file)), changed: 0 };
    for (const finding of checked.findings) {
      printer.out(findingText(file, finding, (what) => paint('failed', what)));
    }
    if (checked.findings.length > 0) return { status: FAILED, printed };
    printer.out(`${file}: ${counted(checked.count, 'block')}${changed > 0 ? `, ${changed} rewritten` : ''}`);
    return { status: OK, printed };
  } catch (error) {
    printer.err(fileErrorText(file, error, paint));
    return { status: FAILED, printed };
  }
}

/** `gmemscope doc check` and `doc update`. Returns the exit status: 1 if there are findings. */
export async function doc([action, ...args]: readonly string[]): Promise<number> {
  if (action !== 'check' && action !== 'update') {
    throw new UsageError('`doc` needs `check` or `update`, and then documents');
  }
  const { values, positionals } = parseCommandLine(
    `doc ${action}`,
    args,
    { root: { type: 'string' }, color: { type: 'string' } },
    'a document (.md, .rst or .txt)',
  );
  const root = followLinks(path.resolve(values.root ?? '.'));
  const painted = isPainted(process.stdout, values.color);
  const jobs = positionals.map((file): DocJob => ({ action, file, root, painted }));
  // Documents that are updated may show each other.
  const files = action === 'check' ? positionals : [];
  let status = OK;
  await onAllProcessors('doc', files, jobs, checkOrUpdate, (outcome) => {
    print(outcome.printed);
    if (outcome.status !== OK) status = outcome.status;
  });
  return status;
}
