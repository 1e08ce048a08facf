import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { analyze } from '../../../src/language';
import { outcomeOf, runScenario } from '../../../src/outcome';
import type { Call } from '../../../src/simulator/calls';
import { runCall } from '../../../src/simulator/run';
import { initialState, type State } from '../../../src/simulator/state';

/** Pages that fare alike are handled together: what comes of it has to be what page after page gives. */

const KERNELS = [
  'linux-7.3',
  'linux-6.12',
  'linux-7.3 with direct-map keep',
  'linux-6.12 with direct-map keep',
];
const FILE_PAGES = 1024;
const PAGE = 4096n;

function size(pages: number): string {
  return `${pages * 4}K`;
}

/** Something that makes pages of the file, or of guest memory, unlike others. */
const differences = fc
  .record({
    kind: fc.constantFrom('convert', 'allocate', 'launch-update', 'rmpupdate', 'punch'),
    page: fc.nat(FILE_PAGES - 1),
    pages: fc.oneof(fc.integer({ min: 1, max: 8 }), fc.integer({ min: 1, max: 600 })),
  })
  .map(({ kind, page, pages: wanted }) => {
    const pages = Math.min(wanted, FILE_PAGES - page);
    const gpa = `gpa 0x${((0x80000 + page) * 4096).toString(16)}`;
    switch (kind) {
      case 'convert':
        return `convert ${gpa} size ${size(pages)} shared`;
      case 'launch-update':
        return `launch-update ${gpa} size ${size(Math.min(pages, 8))}`;
      case 'rmpupdate':
        return `rmpupdate A offset ${size(page)} size 4K private ${gpa} asid 2`;
      default:
        return `${kind} A offset ${size(page)} size ${size(pages)}`;
    }
  });

const before = fc
  .record({
    kernel: fc.constantFrom(...KERNELS),
    huge: fc.boolean(),
    shift: fc.constantFrom(0, 0, 256),
    some: fc.array(differences, { maxLength: 6 }),
  })
  .map(({ kernel, huge, shift, some }) =>
    [
      `kernel ${kernel}`,
      'vm sev-snp',
      `gmem A size ${size(FILE_PAGES)}${huge ? ' huge' : ''}`,
      `slot 0 gpa 0x80000000 size ${size(FILE_PAGES - shift)} gmem A offset ${size(shift)}`,
      `convert gpa 0x80000000 size ${size(FILE_PAGES)} private`,
      ...some,
      '',
    ].join('\n'),
  );

function stateAfter(text: string): State {
  const [program] = analyze(text).programs;
  expect(program.errors).toEqual([]);
  return [...runScenario(program)].at(-1)?.after ?? initialState(program.setup);
}

type RangeCall = Extract<Call, { gpa: bigint; size: bigint }>;

/** Runs the call page after page, up to the first that fails; `reach` says how far the last one went. */
function pageAfterPage(state: State, call: RangeCall, reach: (state: State, gpa: bigint) => bigint) {
  let at = call.gpa;
  let after = state;
  const result = { result: 'ok', sptes: [] as unknown[], rmp: [] as unknown[] };
  while (at < call.gpa + call.size && result.result === 'ok') {
    const ran = runCall(after, 0, { ...call, gpa: at, size: PAGE });
    const outcome = outcomeOf(ran.events);
    result.result = outcome.result;
    result.sptes.push(...outcome.sptes);
    after = ran.state;
    at = reach(after, at);
  }
  return { after, ...result };
}

const ranges = fc.record({ from: fc.nat(FILE_PAGES - 1), pages: fc.integer({ min: 1, max: 700 }) });

describe('pages that are alike, together, do what they do one after another:', () => {
  it('a prefault', () => {
    fc.assert(
      fc.property(before, ranges, (text, { from, pages }) => {
        const state = stateAfter(`${text}launch-finish\n`);
        const gpa = BigInt(0x80000 + from) * PAGE;
        const call: RangeCall = { kind: 'prefault', vcpu: 0, gpa, size: BigInt(pages) * PAGE };
        // A call goes on behind the huge page that it mapped.
        const expected = pageAfterPage(state, call, ({ vms }, at) => {
          const gfn = Number(at / PAGE);
          const leaf = vms[0]!.roots[0]?.leaves.find(({ start, end }) => start <= gfn && gfn < end)?.value;
          return leaf?.level === 2 ? BigInt((Math.floor(gfn / 512) + 1) * 512) * PAGE : at + PAGE;
        });
        const { state: after, events } = runCall(state, 0, call);
        const { result, sptes } = outcomeOf(events);
        expect({ result, sptes }).toEqual({ result: expected.result, sptes: expected.sptes });
        expect(after).toEqual(expected.after);
      }),
      { numRuns: 100 },
    );
  });

  it('LAUNCH_UPDATE', () => {
    fc.assert(
      fc.property(before, ranges, fc.constantFrom('normal', 'zero'), (text, { from, pages }, type) => {
        const state = stateAfter(text);
        const gpa = BigInt(0x80000 + from) * PAGE;
        const call = { kind: 'launch-update', gpa, size: BigInt(pages) * PAGE, type, source: null } as const;
        const expected = pageAfterPage(state, call, (_, at) => at + PAGE);
        const { state: after, events } = runCall(state, 0, call);
        expect(outcomeOf(events).result).toBe(expected.result);
        expect(after).toEqual(expected.after);
      }),
      { numRuns: 100 },
    );
  });

  it('the pieces of MapGPA', () => {
    fc.assert(
      fc.property(ranges, fc.array(ranges, { maxLength: 4 }), (wanted, others) => {
        const head = `vm tdx\ngmem A size ${size(FILE_PAGES)}\nslot 0 gpa 0x80000000 size ${size(FILE_PAGES)} gmem A offset 0\n`;
        const converted = others.map(
          ({ from, pages }) =>
            `convert gpa 0x${((0x80000 + from) * 4096).toString(16)} size ${size(pages)} private\n` +
            `accept vcpu 0 gpa 0x${((0x80000 + from) * 4096).toString(16)} size 4K\n`,
        );
        const state = stateAfter(head + converted.join(''));
        const gpa = BigInt(0x80000 + wanted.from) * PAGE;
        const bytes = BigInt(wanted.pages * 3) * PAGE;
        const { state: after, events } = runCall(state, 0, {
          kind: 'psc',
          vcpu: 0,
          gpa,
          size: bytes,
          to: 'private',
          converts: null,
          later: false,
        });
        let expected = state;
        let exits = 0;
        for (let at = gpa; at < gpa + bytes; at += 2n << 20n) {
          const left = gpa + bytes - at;
          const piece = left < 2n << 20n ? left : 2n << 20n;
          expected = runCall(expected, 0, { kind: 'convert', gpa: at, size: piece, to: 'private' }).state;
          exits++;
        }
        // Conversions of one piece each bump the sequence number as often as there are pieces.
        const uncounted = (state: State) => ({
          ...state,
          vms: state.vms.map((vm) => ({ ...vm, mmu: null })),
        });
        expect(uncounted(after)).toEqual(uncounted(expected));
        expect(outcomeOf(events).exit?.times ?? 1).toBe(exits);
      }),
      { numRuns: 60 },
    );
  });
});
