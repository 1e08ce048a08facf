import { firstOf } from '../../simulator';
import { type Analysis, analyze } from '../analysis';
import { quote } from '../diagnostics/diagnostics';
import { MAX_SLOT_ID, readNumber } from '../parse/numbers';
import { nameProblem } from '../table/names';
import { indexLines, positionAt } from '../tree/positions';
import { type Occurrence, occurrenceAt, type ScenarioSymbol, type Symbols } from '../tree/symbols';
import { applyEdits, type TextEdit } from './text-edit';

/** Renames a file, a slot, a constant or a call. */

/** Why a rename is refused, in a sentence. */
export interface Refusal {
  readonly refusal: string;
}

function textAt({ document: { text } }: Analysis, { span }: Occurrence): string {
  return text.slice(span.start, span.end);
}

function lineOf({ document: { text } }: Analysis, { span }: Occurrence): number {
  return positionAt(indexLines(text), span.start).line + 1;
}

/** All occurrences of a symbol, in the order of the text. */
export function placesOf({ definition, references }: ScenarioSymbol): readonly Occurrence[] {
  const all = definition === null ? references : [definition, ...references];
  return [...all].sort((a, b) => a.span.start - b.span.start);
}

/** A slot's number that is an expression, which a rename cannot replace. */
function computedPlace(analysis: Analysis, symbol: ScenarioSymbol): Refusal | null {
  const place = placesOf(symbol).find((one) => !('value' in readNumber(textAt(analysis, one))));
  if (symbol.kind !== 'slot' || place === undefined) return null;
  const where = `${quote(textAt(analysis, place))} in line ${lineOf(analysis, place)}`;
  return { refusal: `slot ${symbol.name} is written as ${where}: change that first` };
}

/** What can be renamed at an offset; null if there is no name. */
export function renameableAt(analysis: Analysis, offset: number): Occurrence | Refusal | null {
  const occurrence = occurrenceAt(analysis.symbols, offset);
  return occurrence === null ? null : (computedPlace(analysis, occurrence.symbol) ?? occurrence);
}

const KINDS: Readonly<Record<ScenarioSymbol['kind'], string>> = {
  file: 'a file',
  slot: 'a slot',
  constant: 'a constant',
  call: 'a call',
};

/** Why a name is invalid for a symbol, regardless of other symbols. */
function problemOf({ kind }: ScenarioSymbol, name: string): string | null {
  if (kind !== 'slot') return nameProblem(name, kind);
  const number = readNumber(name);
  if (!('value' in number)) return `${quote(name)} is not a number, and the id of a slot must be a number`;
  return number.value > MAX_SLOT_ID ? `${quote(name)} does not fit in the 32 bits of a slot id` : null;
}

/** Describes which names refer to the same symbol; equal for two texts in which all names mean the same. */
function shapeOf({ occurrences }: Symbols): string {
  const first = new Map<ScenarioSymbol, number>();
  const places = occurrences.map(({ symbol, creates }, at) => {
    if (!first.has(symbol)) first.set(symbol, at);
    return `${first.get(symbol)}${creates ? '!' : ''}`;
  });
  return places.join(' ');
}

function codesOf({ diagnostics }: Analysis): string {
  return diagnostics
    .map(({ code }) => code)
    .sort()
    .join(' ');
}

/** Why a name conflicts with another symbol. */
function conflict(analysis: Analysis, symbol: ScenarioSymbol, name: string): string {
  const wanted = symbol.kind === 'slot' ? String((readNumber(name) as { value: bigint }).value) : name;
  const others = analysis.symbols.symbols.filter((other) => other !== symbol && other.name === wanted);
  const other =
    others.find(({ kind, vm }) => kind === symbol.kind && vm === symbol.vm) ??
    others.find(({ kind }) => kind !== 'slot');
  if (other === undefined) return `the name ${quote(name)} would change the meaning of the scenario`;
  const place = other.definition ?? firstOf(other.references);
  const where = `in line ${lineOf(analysis, place)}`;
  if (symbol.kind === 'slot') return `slot ${wanted} already exists, ${where}`;
  return `${KINDS[other.kind]} already has the name ${quote(name)}, ${where}`;
}

/**
 * The edits that rename the symbol at an offset; or why that is refused: the name is invalid, or it would refer to
 * another symbol somewhere.
 */
export function renamingEdits(
  analysis: Analysis,
  offset: number,
  name: string,
): { readonly edits: readonly TextEdit[] } | Refusal | null {
  const place = renameableAt(analysis, offset);
  if (place === null || 'refusal' in place) return place;
  const { symbol } = place;
  const problem = problemOf(symbol, name);
  if (problem !== null) return { refusal: problem };
  const edits = placesOf(symbol).map(({ span }) => ({ span, newText: name }));
  const after = analyze(applyEdits(analysis.document.text, edits));
  const isSame = shapeOf(after.symbols) === shapeOf(analysis.symbols) && codesOf(after) === codesOf(analysis);
  return isSame ? { edits } : { refusal: conflict(analysis, symbol, name) };
}
