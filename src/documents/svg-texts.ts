/** Compares drawings by their texts: an SVG has no lines that could be compared usefully. */

const ENTITIES: Readonly<Record<string, string>> = { lt: '<', gt: '>', amp: '&', quot: '"', apos: "'" };

/** The texts that readers see or hear, in the order of the drawing. */
function textsOf(svg: string): readonly string[] {
  return [...svg.matchAll(/<(?:text|title)\b[^>]*>([^<]*)</g)]
    .map(([, text = '']) => text.replace(/&(\w+);/g, (entity, name) => ENTITIES[name] ?? entity).trim())
    .filter((text) => text !== '');
}

/** Texts that occur in `one` more often than in `other`, without duplicates. */
function without(one: readonly string[], other: readonly string[]): readonly string[] {
  const left = new Map<string, number>();
  for (const text of other) left.set(text, (left.get(text) ?? 0) + 1);
  const more = one.filter((text) => {
    const count = left.get(text) ?? 0;
    left.set(text, count - 1);
    return count <= 0;
  });
  return [...new Set(more)];
}

const MOST = 3;

function few(texts: readonly string[]): readonly string[] {
  return texts.length <= MOST ? texts : [...texts.slice(0, MOST), `(and ${texts.length - MOST} more)`];
}

/** The first few texts that only one of two drawings has. */
export interface DifferingTexts {
  readonly given: readonly string[];
  readonly wanted: readonly string[];
}

export function differingTexts(given: string, wanted: string): DifferingTexts {
  const [ours, theirs] = [textsOf(given), textsOf(wanted)];
  return { given: few(without(ours, theirs)), wanted: few(without(theirs, ours)) };
}
