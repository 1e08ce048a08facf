import { quote } from '../diagnostics/diagnostics';
import { reportError, reportWarning } from '../diagnostics/report';
import type { Pieces } from '../pieces';
import { isSilent } from '../table/statements';
import type { Statement } from '../tree/tree';
import { placeStatements } from '../tree/vms';
import type { Context } from './context';

/** Checks constants and blocks: names that are already used, and statements that belong to no scenario. */

export function* checkStructure(context: Context): Pieces<void> {
  checkTitles(context);
  yield;
  checkConstants(context);
  yield;
  checkUnused(context);
  checkOutcomes(context);
}

function checkTitles({ document: { blocks }, report }: Context): void {
  const known = new Map<string, Statement>();
  for (const { header } of blocks) {
    const { title } = header.names;
    if (title === undefined || !header.wellFormed) continue;
    const first = known.get(title.text);
    if (first === undefined) {
      known.set(title.text, header);
      continue;
    }
    const related = [{ span: first.span, message: 'the first one' }];
    const message = `another scenario already has the title ${quote(title.text)}`;
    reportError(report, header, 'G122', title.span, message, { related });
  }
}

function checkConstants({ symbols, report }: Context): void {
  const files = new Map(
    symbols.symbols.flatMap(({ kind, name, definition }) =>
      kind === 'file' && definition !== null ? [[name, definition] as const] : [],
    ),
  );
  for (const { kind, name, definition } of symbols.symbols) {
    const file = files.get(name);
    if (kind !== 'constant' || definition === null || file === undefined) continue;
    const related = [{ span: file.span, message: 'the file' }];
    const message = `${quote(name)} is the name of a file: give the constant another name`;
    reportError(report, definition.statement, 'G013', definition.span, message, { related });
  }
}

/** Statements below the last block. */
function checkUnused({ document: { statements, blocks }, report }: Context): void {
  const last = blocks.at(-1);
  if (last === undefined) return;
  const unused = statements.find(({ span }) => span.start >= last.span.end);
  if (unused === undefined) return;
  const message =
    'no scenario follows, so this never runs: a scenario includes only the shared statements above it';
  reportWarning(report, unused, 'G123', unused.keywordSpan, message);
}

/** Only a statement that makes a call can have an expectation. */
function checkOutcomes({ document, report }: Context): void {
  for (const { statement, vm } of placeStatements(document)) {
    const { expectation, keyword } = statement;
    const calls = !isSilent(keyword) && !(keyword === 'vm' && vm.number === 0);
    if (expectation === null || calls) continue;
    reportError(
      report,
      expectation,
      'G012',
      expectation.span,
      `\`${keyword}\` makes no call here, so it has no outcome`,
    );
  }
}
