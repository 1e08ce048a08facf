/** The published JSON Schema, as a validator that also refuses keys that the schema does not have. */
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { Ajv2020 } from 'ajv/dist/2020.js';

const file = path.resolve(import.meta.dirname, '../../docs/gmemscope.schema.json');

type Json = Readonly<Record<string, unknown>>;

function closed(schema: unknown): unknown {
  if (Array.isArray(schema)) return schema.map(closed);
  if (typeof schema !== 'object' || schema === null) return schema;
  const parts = Object.fromEntries(Object.entries(schema).map(([key, value]) => [key, closed(value)]));
  return 'properties' in parts && parts.type === 'object' ? { ...parts, additionalProperties: false } : parts;
}

const ajv = new Ajv2020({ strict: true, allErrors: false });
const schema = JSON.parse(readFileSync(file, 'utf8')) as Json;
const id = schema.$id as string;
ajv.addSchema(closed(schema) as Json);

/** Why the value is not such a document; empty where it is. */
export function schemaErrors(
  document: 'run' | 'compare' | 'test' | 'render' | 'explore' | 'without' | 'schedule',
  value: unknown,
): readonly string[] {
  const validate = ajv.getSchema(`${id}#/$defs/${document}`);
  if (validate === undefined) throw new Error(`the schema has no ${document}`);
  if (validate(value) === true) return [];
  return (validate.errors ?? []).map(({ instancePath, message, params }) =>
    [instancePath, message, JSON.stringify(params)].join(' '),
  );
}
