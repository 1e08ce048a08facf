import fc from 'fast-check';
import { EXPECTATION_KINDS, type ExpectationKind, type Expectations } from '../../src/language';

/** Expectations of every kind, as a scenario could make them. */

const page = fc.nat(1 << 20);
const range = fc
  .tuple(page, fc.integer({ min: 1, max: 600 }))
  .map(([start, size]) => ({ start, end: start + size }));
const ranges = fc.array(range, { minLength: 1, maxLength: 3 });
const level = fc.constantFrom(1 as const, 2 as const, 3 as const);
const rights = fc.constantFrom('rwx', 'r-x', null);
const root = fc.constantFrom({}, { root: 'mirror' as const }, { root: 'direct' as const });
const rootGfns = fc.record({ range, within: root }).map(({ range: at, within }) => ({ ...at, ...within }));
const leaf = fc
  .record({ range, level: fc.option(level), rights, within: root })
  .map(({ range: at, within, ...rest }) => ({ ...at, ...rest, ...within }));
const zapLeaf = fc
  .record({ range, level, within: root })
  .map(({ range: at, level: of, within }) => ({ ...at, level: of, ...within }));
const zap = fc.record({ slot: fc.nat(5), leaves: fc.array(zapLeaf, { minLength: 1, maxLength: 3 }) });
const looseZap = fc.record({
  slot: fc.constant(null),
  leaves: fc.array(zapLeaf, { minLength: 1, maxLength: 3 }),
});
const file = fc.constantFrom('A', 'B', 'memory_1');
const filePages = fc.record({ file, pages: ranges });
const to = fc.constantFrom('private' as const, 'shared' as const);
const gpa = fc.option(fc.bigInt({ min: 0n, max: (1n << 64n) - 1n }));
const exit = fc.oneof(
  fc.record({
    reason: fc.constantFrom('memory-fault' as const, 'hypercall' as const),
    private: fc.boolean(),
    gpa,
  }),
  fc.record({ reason: fc.constant('mmio' as const), write: fc.boolean(), gpa }),
  fc.record({ reason: fc.constantFrom('internal-error' as const, 'fail-entry' as const) }),
  fc.constant(null),
);
const rmp = fc
  .record({
    entries: fc.integer({ min: 1, max: 1000 }),
    level: fc.constantFrom(1 as const, 2 as const),
    to: fc.constantFrom(
      'private' as const,
      'shared' as const,
      'reclaim' as const,
      'firmware' as const,
      'VMSA' as const,
    ),
    asid: fc.option(fc.nat(9)),
  })
  .map((expectation) => (expectation.to === 'shared' ? { ...expectation, asid: null } : expectation));
const few = <T>(item: fc.Arbitrary<T>) => fc.array(item, { maxLength: 3 });

/** The compiler requires every kind: the properties print each and read it again. */
const OF_KIND: {
  readonly [K in ExpectationKind]-?: fc.Arbitrary<Exclude<Expectations[K], undefined>>;
} = {
  result: fc.constantFrom('ok', 'EINVAL', 'livelock', 'oops', 'suspended at FA7', 'blocked on mmu_lock'),
  left: fc.bigInt({ min: 0n, max: (1n << 64n) - 1n }),
  exit,
  waited: few(fc.constantFrom('mmu_lock', 'slots_lock')),
  retried: fc.boolean(),
  zapped: fc.oneof(few(zap), fc.constant([{ slot: null, leaves: [] }]), fc.tuple(looseZap)),
  skipped: few(fc.nat(9)),
  mapped: few(leaf),
  rewrote: few(leaf),
  mmio: few(rootGfns),
  stale: few(rootGfns),
  freed: few(filePages),
  allocated: few(filePages),
  poisoned: few(filePages),
  sigbus: few(fc.record({ slot: fc.nat(9), gfn: page })),
  attributes: few(fc.record({ range, to }).map(({ range: at, to: kind }) => ({ to: kind, ...at }))),
  unaccepted: few(range),
  rmp: few(rmp),
  psmash: fc.integer({ min: 1, max: 9 }),
  instruction: fc.record({
    name: fc.constantFrom('PVALIDATE', 'RMPUPDATE', 'PSMASH', 'MapGPA', 'TDG.MEM.PAGE.ACCEPT'),
    result: fc.constantFrom('SUCCESS', 'FAIL_INPUT'),
  }),
  guest: few(fc.record({ vector: fc.constantFrom('VC', 'VE', 'UD'), gfn: fc.option(page) })),
  read: fc.oneof(fc.nat(), fc.constantFrom('ciphertext' as const, 'given' as const, 'freed' as const)),
  faults: fc.integer({ min: 0, max: 9 }),
  flush: fc.boolean(),
  warn: fc.boolean(),
};

/** @returns Expectations of at least one kind. */
export function expectations(): fc.Arbitrary<Expectations> {
  const all: fc.Arbitrary<Expectations> = fc.record(OF_KIND, { requiredKeys: [] });
  return all.filter((one) => EXPECTATION_KINDS.some((kind) => one[kind] !== undefined));
}
