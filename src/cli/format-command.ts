/** `gmemscope fmt`: formats scenarios. */
import { type Layout, parse, print } from '../language';
import { parseCommandLine } from './command-line';
import { FAILED, OK } from './exit';
import { findFiles } from './files';
import { fileErrorText, readText, rewriteText } from './scenario-file';
import { type Painter, painterFor } from './style';

/** The result for a file: it was formatted already, it is now, it is not, or it could not be read. */
type Verdict = 'formatted' | 'rewritten' | 'unformatted' | 'failed';

async function formatFile(file: string, layout: Layout, check: boolean, paint: Painter): Promise<Verdict> {
  try {
    const text = await readText(file);
    const formatted = print(parse(text), layout);
    if (formatted === text) return 'formatted';
    if (check) {
      console.log(`${file}: ${paint('warning', 'not formatted')}`);
      return 'unformatted';
    }
    await rewriteText(file, formatted);
    console.log(`${file}: formatted`);
    return 'rewritten';
  } catch (error) {
    console.error(fileErrorText(file, error, paint));
    return 'failed';
  }
}

/** `gmemscope fmt`. Returns the exit status. */
export async function format(args: readonly string[]): Promise<number> {
  const { values, positionals } = parseCommandLine('fmt', args, {
    check: { type: 'boolean' },
    'no-align': { type: 'boolean' },
    color: { type: 'string' },
  });
  const paint = painterFor(process.stdout, values.color);
  const layout: Layout = { align: values['no-align'] !== true };
  const verdicts: Verdict[] = [];
  for (const file of await findFiles(positionals)) {
    verdicts.push(await formatFile(file, layout, values.check === true, paint));
  }
  return verdicts.some((verdict) => verdict === 'failed' || verdict === 'unformatted') ? FAILED : OK;
}
