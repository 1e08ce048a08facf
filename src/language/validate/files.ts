import { quote } from '../diagnostics/diagnostics';
import { reportError, reportWarning } from '../diagnostics/report';
import { MOST_CANDIDATES } from '../diagnostics/suggest';
import type { Pieces } from '../pieces';
import { withStates } from '../tree/blocks';
import { type Layer, layer } from '../tree/layer';
import { isDefinedBefore, type Occurrence, occurrencesByStatement } from '../tree/symbols';
import { type Context, ownerOf, suggestion } from './context';

/** Checks that files are created before they are used, and closed before their name is used for a new file. */
export function* checkFiles(context: Context): Pieces<void> {
  const byStatement = occurrencesByStatement(context.symbols, 'file');
  const none: Files = { open: layer(), names: [] };
  const inBlock = ({ open, names }: Files): Files => ({
    open: layer(open),
    names: names.slice(-MOST_CANDIDATES),
  });
  for (const [statement, files] of withStates(context.document, none, inBlock)) {
    for (const occurrence of byStatement.get(statement) ?? []) checkFile(context, occurrence, files);
    yield;
  }
}

/** The files of a scenario so far. */
interface Files {
  readonly open: Layer<string, Occurrence>;
  readonly names: string[];
}

function checkFile(context: Context, occurrence: Occurrence, { open, names }: Files): void {
  const { symbol, statement } = occurrence;
  if (symbol.definition === occurrence) {
    const earlier = open.get(symbol.name);
    if (earlier !== undefined) reportRepeated(context, occurrence, earlier);
    open.set(symbol.name, occurrence);
    names.push(symbol.name);
  } else if (!isDefinedBefore(occurrence)) {
    reportUnknown(context, occurrence, names);
  } else if (statement.keyword === 'close') {
    open.delete(symbol.name);
  }
}

function reportUnknown(context: Context, occurrence: Occurrence, names: readonly string[]): void {
  const { symbol, span } = occurrence;
  const later = symbol.definition;
  if (later !== null) {
    const related = [{ span: later.span, message: 'created here' }];
    const message = `the file ${quote(symbol.name)} has not been created yet`;
    reportError(context.report, ownerOf(occurrence), 'G109', span, message, { related });
    return;
  }
  const { hint, data } = suggestion(symbol.name, names.slice(-MOST_CANDIDATES), '');
  const create = hint === '' ? `: create it with \`gmem ${symbol.name} size …\`` : hint;
  const message = `no guest_memfd file is called ${quote(symbol.name)}${create}`;
  reportError(context.report, ownerOf(occurrence), 'G109', span, message, { data });
}

function reportRepeated(context: Context, occurrence: Occurrence, earlier: Occurrence): void {
  const { symbol, span } = occurrence;
  const related = [{ span: earlier.span, message: 'the file that the name referred to' }];
  const name = quote(symbol.name);
  const message = `a file ${name} is already open: from here on, ${name} refers to the new file`;
  reportWarning(context.report, occurrence.statement, 'G110', span, message, { related });
}
