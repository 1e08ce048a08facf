/**
 * Listings of procedures, for reading and for breakpoints: a description, then one step per line. A listing depends
 * only on the profile of the kernel, not on the scenario.
 */
import { kernelText } from '../language';
import { kernelOf, type Listing, type LockUse, PROCEDURES, type Setup, type Step } from '../simulator';
/** Media type of listings; editors can map it to a language. */
export const LISTING_TYPE = 'text/x-gmem-listing';

export interface ListingText {
  readonly lines: readonly string[];
  /** Line of the first step, from 1; each further step is on the next line. */
  readonly firstStepLine: number;
}

const WIDTH = 96;
const NAMES = [...PROCEDURES.keys()];

export const PROCEDURE_NAMES: readonly string[] = NAMES;

/** The source reference of a procedure's listing, from 1. */
export function referenceOf(procedure: string): number {
  return NAMES.indexOf(procedure) + 1;
}

/** The procedure of a source reference; undefined if there is none. */
export function procedureOf(reference: number): string | undefined {
  return NAMES[reference - 1];
}

function wrap(text: string): readonly string[] {
  const lines: string[] = [];
  let line = '';
  for (const word of text.split(' ')) {
    if (line !== '' && line.length + word.length >= WIDTH) {
      lines.push(line);
      line = word;
    } else {
      line = line === '' ? word : `${line} ${word}`;
    }
  }
  return [...lines, line];
}

/** `mmu_lock:read`. */
function lockText({ kind, mode }: LockUse<object>): string {
  return `${kind}:${mode}`;
}

/** The locks of a step: `+` taken before it, `-` dropped after it. */
function lockMarks({ takes, drops }: Step<object>): string {
  const marks = [
    takes === undefined ? null : `+${lockText(takes)}`,
    drops === undefined ? null : `-${lockText(drops)}`,
  ].filter((mark) => mark !== null);
  return marks.length === 0 ? '' : `  [${marks.join(' ')}]`;
}

function headerOf({ name, source, about }: Listing, profile: string): readonly string[] {
  const locks = 'Locks in brackets: + taken before the step, - dropped after it.';
  return [`${name}: ${source}, ${profile}`, ...wrap(about), '', locks].map((line) => `# ${line}`.trimEnd());
}

const texts = new WeakMap<Listing, ListingText>();

/** @throws Error if there is no procedure of that name. */
export function listingText(setup: Setup, procedure: string): ListingText {
  const listing = kernelOf(setup).procedure(procedure);
  const known = texts.get(listing);
  if (known !== undefined) return known;
  const header = [...headerOf(listing, kernelText(setup)), ''];
  const width = Math.max(...listing.steps.map(({ label }) => label.length));
  const steps = listing.steps.map((step) => `${step.label.padEnd(width)}  ${step.text}${lockMarks(step)}`);
  const made = { lines: [...header, ...steps, ''], firstStepLine: header.length + 1 };
  texts.set(listing, made);
  return made;
}

/** Line of a step in its procedure's listing, from 1. */
export function lineOfStep(setup: Setup, procedure: string, step: number): number {
  return listingText(setup, procedure).firstStepLine + step;
}

export function stepCount(setup: Setup, procedure: string): number {
  return kernelOf(setup).procedure(procedure).steps.length;
}
