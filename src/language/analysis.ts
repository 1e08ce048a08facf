import { compileInPieces, type Program } from './compile/compile';
import type { Diagnostic } from './diagnostics/diagnostics';
import { merge } from './diagnostics/report';
import { SIMULATED_KERNELS } from './kernels/catalogue';
import type { Whole } from './parse/cursor';
import { parseInPieces } from './parse/parser';
import { finish, type Pieces } from './pieces';
import { type Symbols, symbolsInPieces } from './tree/symbols';
import type { DiagnosticsByOwner, Document } from './tree/tree';
import { validateInPieces } from './validate';

/** The result of the static analysis of a text. */
export interface Analysis {
  readonly document: Document;
  readonly symbols: Symbols;
  /** All diagnostics of syntax and validation, in the order of the text. */
  readonly diagnostics: readonly Diagnostic[];
  /** The same by owner, except those on text that belongs to no statement. */
  readonly byOwner: DiagnosticsByOwner;
  /** The compiled scenarios, in the order of the text; one if there are no blocks. */
  readonly programs: readonly [Program, ...Program[]];
}

/** Parses, validates and compiles a text, in pieces. Never throws. */
export function* analysisInPieces(text: string, whole: Whole = 'file'): Pieces<Analysis> {
  const document = yield* parseInPieces(text, whole);
  const symbols = yield* symbolsInPieces(document);
  const found = yield* validateInPieces(document, symbols, SIMULATED_KERNELS);
  const reported = merge(document, found);
  return { document, symbols, ...reported, programs: yield* compileInPieces(document, reported) };
}

/** As analysisInPieces(), at once. */
export function analyze(text: string, whole: Whole = 'file'): Analysis {
  return finish(analysisInPieces(text, whole));
}
