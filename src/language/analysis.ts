import { compile, type Program } from './compile/compile';
import type { Diagnostic } from './diagnostics/diagnostics';
import { merge } from './diagnostics/report';
import { SIMULATED_KERNELS } from './kernels/catalogue';
import type { Whole } from './parse/cursor';
import { parse } from './parse/parser';
import { findSymbols, type Symbols } from './tree/symbols';
import type { DiagnosticsByOwner, Document } from './tree/tree';
import { validate } from './validate';

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

/** Parses, validates and compiles a text. Never throws. */
export function analyze(text: string, whole: Whole = 'file'): Analysis {
  const document = parse(text, whole);
  const symbols = findSymbols(document);
  const reported = merge(document, validate(document, symbols, SIMULATED_KERNELS));
  return { document, symbols, ...reported, programs: compile(document, reported) };
}
