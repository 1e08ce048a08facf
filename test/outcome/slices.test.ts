import { expect, test } from 'vitest';
import { inSlices, type Pace } from '../../src/outcome';

/** A clock that is one millisecond further each time it is asked, and a note of each pause. */
function clockwork(limit: number, isCancelled = () => false): Pace & { readonly pauses: number[] } {
  let time = 0;
  const pauses: number[] = [];
  const now = () => time++;
  const pause = async () => {
    pauses.push(time);
    // Others take much longer than the run.
    time += 1000;
  };
  return { slice: 10, limit, now, pause, isCancelled, pauses };
}

function* work(pieces: number): Generator<number | null> {
  for (let piece = 1; piece <= pieces; piece++) yield piece % 10 === 0 ? piece : null;
}

async function run(pieces: number, pace: Pace) {
  const taken: number[] = [];
  return { end: await inSlices(work(pieces), (result) => taken.push(result), pace), taken };
}

test('a short run is done without a pause', async () => {
  const pace = clockwork(1000);
  expect(await run(5, pace)).toEqual({ end: 'done', taken: [] });
  expect(pace.pauses).toEqual([]);
});

test('a long run pauses after each slice, and gives all it has', async () => {
  const pace = clockwork(1000);
  expect(await run(50, pace)).toEqual({ end: 'done', taken: [10, 20, 30, 40, 50] });
  expect(pace.pauses.length).toBe(5);
});

test('a run that goes on for ever is cut off, and the time of others does not count', async () => {
  const pace = clockwork(35);
  const { end, taken } = await run(Number.POSITIVE_INFINITY, pace);
  expect(end).toBe('cut off');
  expect(taken).toEqual([10, 20, 30]);
});

test('a run is cancelled after the slice that it is in', async () => {
  const pace = clockwork(1000, () => true);
  expect(await run(50, pace)).toEqual({ end: 'cancelled', taken: [10] });
});

test('what a run throws is thrown', async () => {
  const failing = (function* () {
    yield null;
    throw new Error('the only task waits');
  })();
  await expect(inSlices(failing, () => {}, clockwork(100))).rejects.toThrow('the only task waits');
});
