/** `gmemscope doc`: documents that show scenarios. */
import { readFileSync, realpathSync, statSync } from 'node:fs';
import { mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { applyLines, type CheckedDocument, checkDocument, type Finding, findPartsOf } from '../documents';
import { parseCommandLine } from './command-line';
import { FAILED, OK, UsageError } from './exit';
import { fileErrorText, MAX_BYTES, readText, rewriteText } from './scenario';
import { type Painter, painterFor } from './style';

/** The place of a file that a document names; null where it leads out of the root, whatever links it goes through. */
function placeInRoot(document: string, named: string, root: string): string | null {
  if (/^[a-z][a-z0-9+.-]*:/i.test(named) || path.isAbsolute(named)) return null;
  const place = path.resolve(path.dirname(document), named);
  const isInside = (one: string) => one.startsWith(root + path.sep);
  return isInside(place) && isInside(realPath(place)) ? place : null;
}

/** With links followed, as far as there is such a file. */
function realPath(place: string): string {
  try {
    return realpathSync(place);
  } catch {
    const folder = path.dirname(place);
    return folder === place ? place : path.join(realPath(folder), path.basename(place));
  }
}

/** Text of a file beside the document; null where there is none, or it is none of the document's business. */
function readBeside(document: string, named: string, root: string): string | null {
  const place = placeInRoot(document, named, root);
  if (place === null) return null;
  try {
    return statSync(place).size > MAX_BYTES ? null : readFileSync(place, 'utf8');
  } catch {
    return null;
  }
}

function sides(label: string, lines: readonly string[]): readonly string[] {
  return lines.map((line, at) =>
    at === 0 ? `    ${label} ${line}` : `    ${' '.repeat(label.length)} ${line}`,
  );
}

function findingText(file: string, { line, what, expected, actual }: Finding, paint: Painter): string {
  const head = `${file}:${line + 1}: ${paint('failed', what)}`;
  if (expected.length === 0 && actual.length === 1) return `${head}: ${actual[0]}`;
  const said = expected.length === 0 ? ['(nothing)'] : expected;
  const so = actual.length === 0 ? ['(nothing)'] : actual;
  return [head, ...sides('the document says ', said), ...sides('the simulator says', so)].join('\n');
}

async function write(
  file: string,
  text: string,
  root: string,
  { edits, files }: CheckedDocument,
): Promise<void> {
  for (const { path: named, content } of files) {
    const place = placeInRoot(file, named, root);
    if (place === null) throw new Error(`${named} is outside of ${root}, and is not written`);
    await mkdir(path.dirname(place), { recursive: true });
    await writeFile(place, content);
  }
  if (edits.length > 0) await rewriteText(file, applyLines(text, edits));
}

/** One block may show another: what was rewritten is looked at again, so often. */
const MOST_PASSES = 4;

/** Brings the document up to date; returns what is left to say, and how much was rewritten. */
async function update(
  file: string,
  root: string,
  check: (text: string) => CheckedDocument,
): Promise<{ checked: CheckedDocument; changed: number }> {
  let changed = 0;
  for (let pass = 0; ; pass++) {
    const text = await readText(file);
    const checked = check(text);
    const count = checked.edits.length + checked.files.length;
    if (count === 0 || pass === MOST_PASSES) return { checked, changed };
    await write(file, text, root, checked);
    changed += count;
  }
}

function counted(count: number, what: string): string {
  return `${count} ${what}${count === 1 ? '' : 's'}`;
}

/** `gmemscope doc check` and `doc update`. Returns the exit status: 1 where something is not so. */
export async function doc([action, ...args]: readonly string[]): Promise<number> {
  if (action !== 'check' && action !== 'update') {
    throw new UsageError('`doc` is followed by `check` or `update`, and then by documents');
  }
  const { values, positionals } = parseCommandLine(
    `doc ${action}`,
    args,
    { root: { type: 'string' }, color: { type: 'string' } },
    'a document (.md, .rst or .txt)',
  );
  const root = realPath(path.resolve(values.root ?? '.'));
  const paint = painterFor(process.stdout, values.color);
  let status = OK;
  for (const file of positionals) {
    try {
      const findParts = findPartsOf(file);
      if (findParts === null)
        throw new Error('it is neither Markdown (.md) nor reStructuredText (.rst, .txt)');
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
      for (const finding of checked.findings) console.log(findingText(file, finding, paint));
      if (checked.findings.length > 0) status = FAILED;
      else
        console.log(
          `${file}: ${counted(checked.count, 'block')}${changed > 0 ? `, ${changed} rewritten` : ''}`,
        );
    } catch (error) {
      console.error(fileErrorText(file, error, paint));
      status = FAILED;
    }
  }
  return status;
}
