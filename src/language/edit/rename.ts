import { firstOf } from '../../simulator';
import { type Analysis, analyze } from '../analysis';
import { quote } from '../diagnostics/diagnostics';
import { MAX_SLOT_ID, readNumber } from '../parse/numbers';
import { nameProblem } from '../table/names';
import { indexLines, positionAt } from '../tree/positions';
import { type Occurrence, occurrenceAt, type ScenarioSymbol, type Symbols } from '../tree/symbols';
import { applyEdits, type TextEdit } from './text-edit';

/** Giving a file, a slot or a constant another name, wherever it is named. */

/** Why something is not done, in a sentence. */
export interface Refusal {
  readonly refusal: string;
}

function textAt({ document: { text } }: Analysis, { span }: Occurrence): string {
  return text.slice(span.start, span.end);
}

function lineOf({ document: { text } }: Analysis, { span }: Occurrence): number {
  return positionAt(indexLines(text), span.start).line + 1;
}

/** All places of a symbol, in the order of the text. */
export function placesOf({ definition, references }: ScenarioSymbol): readonly Occurrence[] {
  const all = definition === null ? references : [definition, ...references];
  return [...all].sort((a, b) => a.span.start - b.span.start);
}

/** A slot's number that is worked out: another number in its place would not be the same sum. */
function computedPlace(analysis: Analysis, symbol: ScenarioSymbol): Refusal | null {
  const place = placesOf(symbol).find((one) => !('value' in readNumber(textAt(analysis, one))));
  if (symbol.kind !== 'slot' || place === undefined) return null;
  const where = `${quote(textAt(analysis, place))} in line ${lineOf(analysis, place)}`;
  return { refusal: `slot ${symbol.name} is written as ${where}: change that first` };
}

/** What can be renamed at an offset; null where nothing is named there. */
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

/** Why a symbol cannot have a name, whatever else has it. */
function problemOf({ kind }: ScenarioSymbol, name: string): string | null {
  if (kind !== 'slot') return nameProblem(name, kind);
  const number = readNumber(name);
  if (!('value' in number)) return `${quote(name)} is not a number, and a slot has a number`;
  return number.value > MAX_SLOT_ID ? `${quote(name)} does not fit in the 32 bits of a slot id` : null;
}

/** Which places name the same thing, and which of them makes it: the same for two texts in which names mean the same. */
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

/** What has the name already, and would be taken for the symbol. */
function conflict(analysis: Analysis, symbol: ScenarioSymbol, name: string): string {
  const wanted = symbol.kind === 'slot' ? String((readNumber(name) as { value: bigint }).value) : name;
  const others = analysis.symbols.symbols.filter((other) => other !== symbol && other.name === wanted);
  const other =
    others.find(({ kind, vm }) => kind === symbol.kind && vm === symbol.vm) ??
    others.find(({ kind }) => kind !== 'slot');
  if (other === undefined) return `with the name ${quote(name)} the scenario would mean something else`;
  const place = other.definition ?? firstOf(other.references);
  const where = `in line ${lineOf(analysis, place)}`;
  if (symbol.kind === 'slot') return `there is a slot ${wanted} already, ${where}`;
  return `${KINDS[other.kind]} is called ${quote(name)} already, ${where}`;
}

/**
 * The edits that rename what is named at an offset; or why it cannot have that name: because it is none, or because
 * something else would be meant by it, somewhere.
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
