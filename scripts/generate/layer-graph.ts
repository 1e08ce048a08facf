/** What each layer may import. */
export type Imports = ReadonlyMap<string, ReadonlySet<string>>;

function importsOf(imports: Imports, layer: string): ReadonlySet<string> {
  const found = imports.get(layer);
  if (found === undefined) throw new Error(`${layer} is imported and does not exist`);
  return found;
}

/** The row of each layer: one below the lowest of those that import it. The lowest row is 0. */
export function rowsOf(imports: Imports): ReadonlyMap<string, number> {
  const depths = new Map([...imports.keys()].map((layer) => [layer, 0]));
  const lower = (layer: string, importers: readonly string[]): void => {
    if (importers.includes(layer)) throw new Error(`a circle of layers: ${[...importers, layer].join(', ')}`);
    depths.set(layer, Math.max(depths.get(layer) ?? 0, importers.length));
    for (const below of importsOf(imports, layer)) lower(below, [...importers, layer]);
  };
  for (const layer of imports.keys()) lower(layer, []);
  const lowest = Math.max(...depths.values());
  return new Map([...depths].map(([layer, depth]) => [layer, lowest - depth]));
}

/** Without those imports that another import has already (the transitive reduction). */
export function directOnly(imports: Imports): Imports {
  const reaches = (from: string, to: string): boolean =>
    [...importsOf(imports, from)].some((next) => next === to || reaches(next, to));
  return new Map(
    [...imports].map(([layer, below]) => {
      const direct = [...below].filter(
        (to) => ![...below].some((other) => other !== to && reaches(other, to)),
      );
      return [layer, new Set(direct)];
    }),
  );
}
