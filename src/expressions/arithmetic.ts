/** The operators: unsigned 64-bit arithmetic that reports overflow, with a check that units agree. */
import { MAX_U64 } from '../language';
import { firstOf, must } from '../simulator';
import type { Operator } from './tree';
import { flag, kindText, type NumberValue, numberOf, type Unit, type Value } from './value';

/** What is wrong, in a sentence. */
export type Evaluated = Value | { readonly problem: string };

type Calculation = (a: bigint, b: bigint) => bigint;

const CALCULATIONS: Readonly<Partial<Record<Operator, Calculation>>> = {
  '+': (a, b) => a + b,
  '-': (a, b) => a - b,
  '*': (a, b) => a * b,
  '/': (a, b) => a / b,
  '%': (a, b) => a % b,
  '&': (a, b) => a & b,
  '|': (a, b) => a | b,
  '<<': (a, b) => a << b,
  '>>': (a, b) => a >> b,
};

const COMPARISONS: Readonly<Partial<Record<Operator, (a: bigint, b: bigint) => boolean>>> = {
  '<': (a, b) => a < b,
  '<=': (a, b) => a <= b,
  '>': (a, b) => a > b,
  '>=': (a, b) => a >= b,
};

/** Whether a number adopts the unit of the other operand. */
function isLoose(unit: Unit): boolean {
  return unit === 'plain' || unit === 'pages' || unit === 'count';
}

const CONVERSIONS: Readonly<Partial<Record<Unit, string>>> = {
  gfn: 'gfn(…) converts an address to a gfn',
  bytes: 'gpa(…) converts a gfn to an address',
  pfn: 'pfn(…) returns the host page that backs an address',
};

/** Why two numbers cannot be compared, added or subtracted; null if they can. */
function unitProblem(a: NumberValue, b: NumberValue): string | null {
  if (a.unit === b.unit || isLoose(a.unit) || isLoose(b.unit)) return null;
  const hints = [CONVERSIONS[a.unit], CONVERSIONS[b.unit]].filter((hint) => hint !== undefined);
  const hint = hints.length === 0 ? '' : ` (${hints[0]})`;
  return `One operand is ${kindText(a)}, the other ${kindText(b)}${hint}.`;
}

/** Unit of the result of a calculation. */
function resultUnit(operator: Operator, a: NumberValue, b: NumberValue): Unit {
  const same = a.unit === b.unit;
  if (operator === '<<' || operator === '>>' || operator === '/') return 'plain';
  // The difference of two page numbers is a number of pages.
  if (operator === '-' && same && a.unit !== 'bytes' && !isLoose(a.unit)) return 'plain';
  if (a.unit === 'plain' || (isLoose(a.unit) && !isLoose(b.unit))) return b.unit;
  return a.unit;
}

function calculate(operator: Operator, a: NumberValue, b: NumberValue): Evaluated {
  const needsUnits = operator === '+' || operator === '-';
  const mixed = needsUnits ? unitProblem(a, b) : null;
  if (mixed !== null) return { problem: mixed };
  if ((operator === '/' || operator === '%') && b.value === 0n) return { problem: 'Division by 0.' };
  const shifts = operator === '<<' || operator === '>>';
  if (shifts && (b.value < 0n || b.value > 63n)) {
    return { problem: `The shift count must be 0 to 63, not ${b.value}.` };
  }
  const value = must(CALCULATIONS[operator], `calculation ${operator}`)(a.value, b.value);
  if (value < 0n) return { problem: 'The result is negative: values are unsigned 64-bit numbers.' };
  if (value > MAX_U64) return { problem: 'The result does not fit in 64 bits.' };
  return numberOf(value, resultUnit(operator, a, b));
}

/** The text used to compare words, flags and empty values; undefined for other values. */
function comparableText(value: Value): string | undefined {
  return value.kind === 'word' || value.kind === 'none' || value.kind === 'flag'
    ? plainText(value)
    : undefined;
}

function plainText(value: Extract<Value, { readonly text: string }>): string {
  if (value.kind === 'flag') return String(value.value);
  return value.kind === 'none' ? 'none' : value.text;
}

function sameThing(a: Value, b: Value): boolean | { readonly problem: string } {
  if (a.kind === 'number' && b.kind === 'number') {
    const problem = unitProblem(a, b);
    return problem === null ? a.value === b.value : { problem };
  }
  if (a.kind === 'none' || b.kind === 'none') return a.kind === b.kind;
  const [left, right] = [comparableText(a), comparableText(b)];
  if (left !== undefined && right !== undefined) return left === right;
  if (a.kind === 'file' && b.kind === 'file') return a.file.id === b.file.id;
  if (a.kind === 'range' && b.kind === 'range') {
    return a.start === b.start && a.end === b.end && a.unit === b.unit && a.file === b.file;
  }
  return { problem: `${sentence(kindText(a))} and ${kindText(b)} cannot be compared.` };
}

function sentence(text: string): string {
  return `${firstOf(text).toUpperCase()}${text.slice(1)}`;
}

function equality(operator: '==' | '!=', a: Value, b: Value): Evaluated {
  const same = sameThing(a, b);
  return typeof same === 'boolean' ? flag(same === (operator === '==')) : same;
}

/** Applies an operator other than `&&` and `||`, which evaluate their operands lazily. */
export function applyOperator(operator: Operator, a: Value, b: Value): Evaluated {
  if (operator === '==' || operator === '!=') return equality(operator, a, b);
  if (a.kind !== 'number' || b.kind !== 'number') {
    const odd = a.kind === 'number' ? b : a;
    return { problem: `\`${operator}\` needs two numbers, but one operand is ${kindText(odd)}.` };
  }
  const compare = COMPARISONS[operator];
  if (compare === undefined) return calculate(operator, a, b);
  const problem = unitProblem(a, b);
  return problem === null ? flag(compare(a.value, b.value)) : { problem };
}
