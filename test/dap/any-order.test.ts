import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { REQUESTS } from '../../src/dap/requests';
import { PROGRAM, TestClient } from './client';
import { HOLE } from './scenarios';

const BEGINNING: readonly (readonly [string, object])[] = [
  ['initialize', {}],
  ['launch', { program: PROGRAM }],
  ['configurationDone', {}],
];

/** Arguments that are right for some requests, and wrong for most. */
const anyArguments = fc.oneof(
  fc.constant(undefined),
  fc.constant({ threadId: 1 }),
  fc.record({ threadId: fc.constant(1), startFrame: fc.nat(5), levels: fc.nat(5) }),
  fc.record({ program: fc.constantFrom(PROGRAM, '/none', ''), stopOnEntry: fc.boolean() }),
  fc.record({ frameId: fc.nat(40) }),
  fc.record({ variablesReference: fc.nat(80), start: fc.nat(9), count: fc.nat(9) }),
  fc.record({ sourceReference: fc.nat(60) }),
  fc.record({
    source: fc.oneof(fc.constant({ path: PROGRAM }), fc.record({ sourceReference: fc.nat(60) })),
    line: fc.nat(30),
    breakpoints: fc.array(fc.record({ line: fc.nat(30) }), { maxLength: 3 }),
  }),
  fc.record({
    expression: fc.constantFrom(
      'A',
      'slots',
      'punch A offset 0 size 4K',
      'back',
      'who zapped A',
      '1 +',
      'gmem',
    ),
    context: fc.constantFrom('watch', 'repl', 'hover'),
    frameId: fc.option(fc.nat(40), { nil: undefined }),
  }),
  fc.record({ name: fc.constantFrom('A', 'slot 0', '0x1000'), asAddress: fc.boolean(), bytes: fc.nat(9000) }),
  fc.record({
    breakpoints: fc.array(
      fc.record({
        name: fc.constantFrom('kvm_gmem_create', 'nothing'),
        dataId: fc.constantFrom('slot 0', 'anything zapped', ''),
        condition: fc.constantFrom('1', '0', 'zz', '1 +'),
        hitCondition: fc.constantFrom('', '2', '% 2', 'zz'),
      }),
      { maxLength: 3 },
    ),
  }),
  fc.record({ tick: fc.nat(300) }),
  fc.record({
    threadId: fc.constant(1),
    targetId: fc.nat(9),
    granularity: fc.constantFrom('line', 'instruction'),
  }),
  fc.record({ text: fc.string({ maxLength: 9 }), column: fc.nat(9) }),
  fc.record({ requestId: fc.nat(9), progressId: fc.constantFrom('1', undefined) }),
  fc.record({ filters: fc.subarray(['failed', 'memory-fault', 'warn', 'other']) }),
  fc.anything({ withBigInt: false }),
);

const request = fc.tuple(fc.constantFrom(...REQUESTS.keys(), 'unknown'), anyArguments);

describe('requests in any order, with any arguments', () => {
  it.each([
    ['from nothing', 0],
    ['once a scenario is suspended', BEGINNING.length],
  ])('%s are each answered once', async (_, begun) => {
    const property = fc.asyncProperty(fc.array(request, { maxLength: 25 }), async (requests) => {
      const client = new TestClient({ [PROGRAM]: HOLE });
      for (const [command, args] of BEGINNING.slice(0, begun)) await client.request(command, args);
      const answers = requests.map(([command, args]) => client.ask(command, args));
      for (const answer of await Promise.all(answers)) {
        expect(typeof answer.success).toBe('boolean');
        if (!answer.success) expect(answer.message).not.toContain('The debugger failed');
      }
      const answered = client.messages.filter(({ type }) => type === 'response');
      expect(answered.length).toBe(requests.length + begun);
      expect(client.messages.map(({ seq }) => seq)).toEqual(client.messages.map((_message, at) => at + 1));
      client.session.dispose();
    });
    await fc.assert(property, { seed: 11, numRuns: 150 });
  });
});
