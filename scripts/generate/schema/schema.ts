/**
 * JSON Schemas (2020-12) that the compiler checks against the types of the documents: a key without a schema, a schema
 * of another type and a word that is missing from a list do not compile.
 */

import type { NonEmpty } from '../../../src/simulator';

/** A schema of a type, with the definitions that it refers to. */
export interface Schema<T> {
  readonly json: Readonly<Record<string, unknown>>;
  readonly definitions: Readonly<Record<string, object>>;
  /** Only for the compiler: in both directions, so that the schema is neither wider nor narrower than the type. */
  readonly of?: (value: T) => T;
}

type AnySchema = Pick<Schema<unknown>, 'json' | 'definitions'>;

function merged(...schemas: readonly AnySchema[]): Schema<unknown>['definitions'] {
  return Object.assign({}, ...schemas.map(({ definitions }) => definitions));
}

export function schema<T>(json: Schema<T>['json'], ...uses: readonly AnySchema[]): Schema<T> {
  return { json, definitions: merged(...uses) };
}

export const text: Schema<string> = schema({ type: 'string' });
export const flag: Schema<boolean> = schema({ type: 'boolean' });
export const count: Schema<number> = schema({ type: 'integer', minimum: 0 });
/** Lines and columns. */
export const fromOne: Schema<number> = schema({ type: 'integer', minimum: 1 });
/** A number of 64 bits, which many JSON parsers cannot represent. */
export const hexNumber: Schema<string> = schema({ type: 'string', pattern: '^0x[0-9a-f]+$' });

/** One of the words, with its meaning if that is not empty. */
export function words<W extends string>(meanings: Readonly<Record<W, string>>): Schema<W> {
  const all = Object.entries<string>(meanings);
  if (all.every(([, meaning]) => meaning === '')) return schema({ enum: all.map(([word]) => word) });
  return schema({ oneOf: all.map(([word, description]) => ({ const: word, description })) });
}

export function list<T>(items: Schema<T>): Schema<readonly T[]> {
  return schema({ type: 'array', items: items.json }, items);
}

export function nonEmptyList<T>(items: Schema<T>): Schema<NonEmpty<T>> {
  return schema({ type: 'array', items: items.json, minItems: 1 }, items);
}

/** An array of fixed length with named items. */
export function tuple<T extends readonly unknown[]>(
  ...items: { readonly [K in keyof T]: readonly [name: string, schema: Schema<T[K]>] }
): Schema<T> {
  const all = items as readonly (readonly [string, AnySchema])[];
  return schema(
    {
      type: 'array',
      prefixItems: all.map(([title, item]) => ({ title, ...item.json })),
      items: false,
      minItems: all.length,
    },
    ...all.map(([, item]) => item),
  );
}

export function orNull<T>(one: Schema<T>): Schema<T | null> {
  return schema({ anyOf: [one.json, { type: 'null' }] }, one);
}

/** One of several; their types make up the union. */
export function either<T>(...all: readonly AnySchema[]): Schema<T> {
  return schema({ anyOf: all.map(({ json }) => json) }, ...all);
}

/** A key of an object. */
export interface Property<T, Optional extends boolean> {
  readonly schema: Schema<T>;
  readonly description: string;
  readonly optional: Optional;
}

export function always<T>(description: string, of: Schema<T>): Property<T, false> {
  return { schema: of, description, optional: false };
}

/** A key that can be absent. */
export function sometimes<T>(description: string, of: Schema<T>): Property<T, true> {
  return { schema: of, description, optional: true };
}

/** A property for each key: optional ones for optional keys, and no others. */
export type Properties<T> = {
  readonly [K in keyof T]-?: Record<never, never> extends Pick<T, K>
    ? Property<Exclude<T[K], undefined>, true>
    : Property<T[K], false>;
};

type AnyProperty = Property<unknown, boolean>;

/** Unknown keys are allowed: later versions add some. */
export function object<T extends object>(properties: Properties<T>): Schema<T> {
  const all = Object.entries(properties as unknown as Record<string, AnyProperty>);
  return schema(
    {
      type: 'object',
      properties: Object.fromEntries(
        all.map(([key, { schema: own, description }]) => [
          key,
          description === '' ? own.json : { description, ...own.json },
        ]),
      ),
      required: all.filter(([, { optional }]) => !optional).map(([key]) => key),
    },
    ...all.map(([, property]) => property.schema),
  );
}

/** A schema that others refer to by name. */
export function named<T>(name: string, of: Schema<T>): Schema<T> {
  return {
    json: { $ref: `#/$defs/${name}` },
    definitions: { ...of.definitions, [name]: of.json },
  };
}
