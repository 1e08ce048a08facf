import { describe, expect, it, vi } from 'vitest';
import type { Pieces } from '../../src/language';
import { prepare } from '../../src/lsp/prepare';

/** Work of so many pieces, each of which takes a millisecond of the clock. */
function clockwork(pieces: number) {
  let now = 0;
  let done = 0;
  vi.spyOn(Date, 'now').mockImplementation(() => now);
  function* begin(): Pieces<string> {
    for (; done < pieces; done++) {
      now++;
      yield;
    }
    return 'the result';
  }
  return { begin, done: () => done };
}

const turn = () => new Promise((resolve) => setTimeout(resolve, 0));

describe('work in slices', () => {
  it('gives others turns, and ends', async () => {
    const { begin, done } = clockwork(1000);
    const { ready, now } = prepare(begin, () => false);
    let over = false;
    void ready().then(() => {
      over = true;
    });
    let turns = 0;
    let before = 0;
    while (!over) {
      expect(done() - before).toBeLessThanOrEqual(20);
      before = done();
      await turn();
      turns++;
    }
    expect(turns).toBeGreaterThan(40);
    expect(now()).toBe('the result');
  });

  it('is done at once where somebody cannot wait', async () => {
    const { begin, done } = clockwork(1000);
    const { ready, now } = prepare(begin, () => false);
    const waiting = ready();
    expect(done()).toBeLessThan(30);
    expect(now()).toBe('the result');
    await waiting;
    expect(done()).toBe(1000);
  });

  it('ends early when it is outdated', async () => {
    const { begin, done } = clockwork(1000);
    let isOutdated = false;
    const { ready } = prepare(begin, () => isOutdated);
    const waiting = ready();
    isOutdated = true;
    await waiting;
    expect(done()).toBeLessThan(30);
  });
});
