/** Messages between the page of the memory map and the extension. Both sides validate what they receive. */

export interface Rect {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

/** A range of the picture; see `Shape` in src/figures/map.ts. */
export interface PageShape {
  readonly key: string;
  readonly rect: Rect;
  readonly about: string;
  readonly changed: boolean;
  readonly latest: boolean;
  readonly numbers: readonly (readonly [string, string])[];
  readonly place: string;
  readonly whats: readonly string[];
  readonly made: string | null;
}

/** The slider: moments of a debug session, or statements where none runs. */
export interface Course {
  readonly unit: 'moment' | 'statement';
  readonly at: number;
  readonly first: number;
  readonly last: number;
  /** The targets of the buttons; null disables a button. */
  readonly previousStatement: number | null;
  readonly nextStatement: number | null;
}

export interface PageMap {
  readonly svg: string;
  readonly statement: string;
  /** `hole.gmem, line 16`. */
  readonly source: string;
  readonly where: string;
  readonly facts: string;
  readonly outcome: readonly string[];
  readonly alternative: string;
  readonly shapes: readonly PageShape[];
  readonly course: Course;
  /** Breakpoints on watch targets, as they are written: `gfn 0x80000 zapped`. */
  readonly breakpoints: readonly string[];
  /** Number of the last `goTo` that this answers; 0 before the first. */
  readonly answers: number;
}

export type ToPage =
  | { readonly type: 'map'; readonly map: PageMap }
  /** Why there is no picture, or the result of a request. */
  | { readonly type: 'notice'; readonly text: string; readonly clears: boolean };

export type FromPage =
  /** The page has loaded or was resized: width of the picture in CSS pixels. */
  | { readonly type: 'width'; readonly width: number }
  | { readonly type: 'goTo'; readonly at: number; readonly request: number }
  /** Goes to the statement that last changed a range; `what` is null for any change. */
  | { readonly type: 'made'; readonly place: string; readonly what: string | null }
  /** Sets the breakpoint, or removes it. */
  | { readonly type: 'breakpoint'; readonly place: string; readonly what: string | null }
  /** Goes to the statement that is shown. */
  | { readonly type: 'source' };

type Fields = Readonly<Record<string, unknown>>;

function isFields(value: unknown): value is Fields {
  return typeof value === 'object' && value !== null;
}

function isInteger(value: unknown): value is number {
  return Number.isSafeInteger(value);
}

function isTextOrNull(value: unknown): value is string | null {
  return value === null || typeof value === 'string';
}

function areTexts(value: unknown): value is readonly string[] {
  return Array.isArray(value) && value.every((one) => typeof one === 'string');
}

/** A message from the page; undefined if malformed. */
export function readFromPage(message: unknown): FromPage | undefined {
  if (!isFields(message)) return undefined;
  const { type, width, at, request, place, what } = message;
  switch (type) {
    case 'width':
      return isInteger(width) && width > 0 ? { type, width } : undefined;
    case 'goTo':
      return isInteger(at) && isInteger(request) ? { type, at, request } : undefined;
    case 'made':
    case 'breakpoint':
      return typeof place === 'string' && isTextOrNull(what) ? { type, place, what } : undefined;
    case 'source':
      return { type };
    default:
      return undefined;
  }
}

function isRect(value: unknown): value is Rect {
  return isFields(value) && ['x', 'y', 'width', 'height'].every((side) => typeof value[side] === 'number');
}

function isShape(value: unknown): value is PageShape {
  if (!isFields(value)) return false;
  const { key, rect, about, changed, latest, numbers, place, whats, made } = value;
  return (
    [key, about, place].every((text) => typeof text === 'string') &&
    isRect(rect) &&
    typeof changed === 'boolean' &&
    typeof latest === 'boolean' &&
    Array.isArray(numbers) &&
    numbers.every((pair) => areTexts(pair) && pair.length === 2) &&
    areTexts(whats) &&
    isTextOrNull(made)
  );
}

function isCourse(value: unknown): value is Course {
  if (!isFields(value)) return false;
  const { unit, at, first, last, previousStatement, nextStatement } = value;
  const isPlace = (place: unknown) => place === null || isInteger(place);
  return (
    (unit === 'moment' || unit === 'statement') &&
    [at, first, last].every(isInteger) &&
    isPlace(previousStatement) &&
    isPlace(nextStatement)
  );
}

function isMap(value: unknown): value is PageMap {
  if (!isFields(value)) return false;
  const { svg, statement, source, where, facts, outcome, alternative, shapes, course } = value;
  return (
    [svg, statement, source, where, facts, alternative].every((text) => typeof text === 'string') &&
    areTexts(outcome) &&
    areTexts(value.breakpoints) &&
    isInteger(value.answers) &&
    Array.isArray(shapes) &&
    shapes.every(isShape) &&
    isCourse(course)
  );
}

/** A message from the extension; undefined if malformed. */
export function readToPage(message: unknown): ToPage | undefined {
  if (!isFields(message)) return undefined;
  const { type, map, text, clears } = message;
  if (type === 'map') return isMap(map) ? { type, map } : undefined;
  if (type !== 'notice' || typeof text !== 'string') return undefined;
  return { type, text, clears: clears === true };
}
