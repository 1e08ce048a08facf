import { readdirSync } from 'node:fs';
import path from 'node:path';
import { expect, test } from 'vitest';
import { PROCEDURES } from '../../src/simulator/procedures';

const folder = path.resolve(import.meta.dirname, '../../src/simulator/procedures');
const files = readdirSync(folder).filter((name) => name.endsWith('.ts') && name !== 'index.ts');

function isProcedure(value: unknown): value is { readonly name: string } {
  return typeof value === 'object' && value !== null && 'steps' in value && 'locals' in value;
}

test.each(files)('the procedures of %s can be called by their names', async (file) => {
  const exported = Object.values((await import(path.join(folder, file))) as object).filter(isProcedure);
  expect(exported.filter((procedure) => PROCEDURES.get(procedure.name) !== procedure)).toEqual([]);
});
