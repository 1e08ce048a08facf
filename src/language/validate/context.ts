import type { Report } from '../diagnostics/report';
import { nearest } from '../diagnostics/suggest';
import type { KernelCatalogue } from '../kernels/catalogue';
import type { Occurrence, Symbols } from '../tree/symbols';
import type { Document, Owner } from '../tree/tree';

/** The input of every check. */
export interface Context {
  readonly document: Document;
  readonly symbols: Symbols;
  readonly catalogue: KernelCatalogue;
  readonly report: Report;
}

/** The owner of a diagnostic on a name. */
export function ownerOf({ inExpectation, statement }: Occurrence): Owner {
  return (inExpectation ? statement.expectation : null) ?? statement;
}

/** A hint such as `: did you mean x?`, or `noneIsNear` if no name is near, and the replacement for a quick fix. */
export function suggestion(word: string, names: readonly string[], noneIsNear: string) {
  const meant = nearest(word, names);
  if (meant === null) return { hint: noneIsNear, data: {} };
  return { hint: `: did you mean \`${meant}\`?`, data: { replacement: meant } };
}

/** `a`, `b` or `c`. */
export function listNames(names: readonly string[], conjunction = 'or'): string {
  const quoted = names.map((name) => `\`${name}\``);
  if (quoted.length < 2) return quoted.join('');
  return `${quoted.slice(0, -1).join(', ')} ${conjunction} ${quoted.at(-1)}`;
}
