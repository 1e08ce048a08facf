import { quote, reportError } from '../diagnostics';
import { isDefinedBefore, type Occurrence } from '../symbols';
import { type Context, suggestion } from './context';

/** Names of guest_memfd files: created once, and before they are used. */
export function checkFiles(context: Context): void {
  const names: string[] = [];
  for (const occurrence of context.symbols.occurrences) {
    const { symbol } = occurrence;
    if (symbol.kind !== 'file') continue;
    if (symbol.definition === occurrence) names.push(symbol.name);
    else if (!isDefinedBefore(occurrence)) reportUnknown(context, occurrence, names);
    else if (occurrence.creates) reportRepeated(context, occurrence);
  }
}

/** Names that come into question for a misspelt one; with more, the list says less than it costs. */
const MOST_CANDIDATES = 100;

function reportUnknown(context: Context, occurrence: Occurrence, names: readonly string[]): void {
  const { symbol, span } = occurrence;
  const later = symbol.definition;
  if (later !== null) {
    const related = [{ span: later.span, message: 'created here' }];
    const message = `the file ${quote(symbol.name)} is not created yet`;
    reportError(context.report, 'G109', span, message, { related });
    return;
  }
  const { hint, data } = suggestion(symbol.name, names.slice(-MOST_CANDIDATES), '');
  const create = hint === '' ? `: create it with \`gmem ${symbol.name} size …\`` : hint;
  const message = `no guest_memfd file is called ${quote(symbol.name)}${create}`;
  reportError(context.report, 'G109', span, message, { data });
}

function reportRepeated(context: Context, occurrence: Occurrence): void {
  const { symbol, span } = occurrence;
  const related = [{ span: symbol.definition!.span, message: 'created here first' }];
  const message = `there is a file ${quote(symbol.name)} already: a name stands for one file`;
  reportError(context.report, 'G110', span, message, { related });
}
