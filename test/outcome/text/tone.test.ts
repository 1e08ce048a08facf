import { readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { analyze } from '../../../src/language';
import { describeOutcome, runScenario } from '../../../src/outcome';

const root = path.resolve(import.meta.dirname, '../../../examples');

/** `keyword tone` of each statement of an example that brings other news than that it was done. */
function news(name: string): readonly string[] {
  const [program] = analyze(readFileSync(path.join(root, name), 'utf8')).programs;
  return [...runScenario(program)]
    .map((executed) => {
      const { statement, events } = executed;
      return `${statement.call.kind} ${describeOutcome(statement, events, executed).tone}`;
    })
    .filter((line) => !line.endsWith(' done'));
}

describe('the tone of a description', () => {
  it.each([
    ['a hole that zaps', 'hole-across-two-slots.gmem', ['punch zapped']],
    [
      'a zap, an exit and a refusal',
      'close-and-rebind.gmem',
      ['close zapped', 'fault failed', 'slot failed'],
    ],
    ['an invalidation that never ends', 'knobs/gmem-invalidate.gmem', ['punch wrong', 'fault wrong']],
    [
      'a mapping that outlives its slot, and its use',
      'knobs/unbind-zap.gmem',
      ['delete wrong', 'fault wrong'],
    ],
    [
      'zaps beyond the slot, and stale entries that the guest uses',
      'range-math/shifted.gmem',
      ['punch wrong', 'punch wrong', 'fault wrong', 'fault wrong'],
    ],
    [
      'a warning, although the call succeeds',
      'range-math/warn-and-skip.gmem',
      ['punch zapped', 'punch wrong', 'fault wrong', 'fault wrong'],
    ],
    ['a fault of the kernel itself', 'sev-snp/direct-map-kept.gmem', ['fault wrong']],
    ['a TDX guest that is lost', 'tdx/slot-zap-all-roots.gmem', ['delete zapped', 'fault wrong']],
  ])('%s: %s', (_title, name, expected) => expect(news(name)).toEqual(expected));
});
