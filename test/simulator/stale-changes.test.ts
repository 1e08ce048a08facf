import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { workloads } from '../../scripts/bench/extents';
import { analyze } from '../../src/language';
import { runScenario } from '../../src/outcome';
import { put, remove, update, valueAt } from '../../src/simulator/ranges';
import { freedAssigned, newlyFreedAssigned } from '../../src/simulator/rmp/freed';
import { staleInRoot } from '../../src/simulator/stale';
import { mappingChanges } from '../../src/simulator/stale-changes';
import { staleMappings } from '../../src/simulator/stale-mappings';
import type { GmemFile, Slot, State, VmState } from '../../src/simulator/state';
import { scenarios } from '../generators/scenarios';
import { snpScenarios } from '../generators/snp';
import { wildScenarios } from '../generators/wild';
import { runText } from './running';

/** Kernels that leave mappings or assigned pages behind, and some that do not. */
const KERNELS = [
  'linux-7.3',
  'linux-6.12',
  'rfc-2023-05',
  'mail-2023-05-22',
  'linux-7.3 with rmp-reset at-unmap',
];

const texts = fc.oneof(
  scenarios({ kernels: KERNELS }),
  snpScenarios({ kernels: KERNELS, meddling: true }),
  wildScenarios(),
);

/** Changes that no kernel makes, so that many mappings are stale and many pages freed while assigned. */
const tampering = fc.record({
  what: fc.constantFrom('free', 'free', 'poison', 'move', 'attributes', 'memory', 'slot', 'rmp', 'leaves'),
  start: fc.nat(40),
  length: fc.integer({ min: 1, max: 8 }),
  file: fc.nat(1),
});
type Tampering = typeof tampering extends fc.Arbitrary<infer T> ? T : never;

/** Two files, each bound to a slot, with pages in several ranges, and a slot of userspace memory. */
const TAMPERED = runText(`vm sev-snp
gmem A size 160K
gmem B size 160K
slot 0 gpa 0 size 160K gmem A offset 0
slot 1 gpa 160K size 160K gmem B offset 0
slot 2 gpa 320K size 160K
convert gpa 0 size 320K private
launch-finish
prefault vcpu 0 gpa 0 size 64K
prefault vcpu 0 gpa 160K size 64K
prefault vcpu 0 gpa 80K size 48K
prefault vcpu 0 gpa 240K size 64K
prefault vcpu 0 gpa 320K size 80K
`).state;

function withVm(state: State, change: (vm: VmState) => Partial<VmState>): State {
  return { ...state, vms: state.vms.map((vm) => ({ ...vm, ...change(vm) })) };
}

function withFile(state: State, id: number, change: (file: GmemFile) => GmemFile['cache']): State {
  return {
    ...state,
    files: state.files.map((file) => (file.id === id ? { ...file, cache: change(file) } : file)),
  };
}

/** The page at one index of a file, at another. */
function movedPage(cache: GmemFile['cache'], from: number, to: number): GmemFile['cache'] {
  const page = valueAt(cache, from);
  if (page === undefined) return cache;
  return put(remove(cache, from, from + 1), to, to + 1, { ...page, frame: page.frame + from - to });
}

function movedSlot(slot: Slot, { start, length }: Tampering): Slot {
  const gmem = slot.gmem && { ...slot.gmem, pgoff: start % 3 };
  return { ...slot, baseGfn: slot.id * 40 + (length % 2), pages: 39 - (start % 5), gmem };
}

function tamper(state: State, change: Tampering): State {
  const { what, start, length, file } = change;
  const end = start + length;
  switch (what) {
    case 'free':
      return withFile(state, file, ({ cache }) => remove(cache, start, end));
    case 'poison':
      return withFile(state, file, ({ cache }) =>
        update(cache, start, end, (page) => ({ ...page, poisoned: !page.poisoned })),
      );
    case 'move':
      return withFile(state, file, ({ cache }) => movedPage(cache, start, (start + 17) % 40));
    case 'attributes':
      return withVm(state, ({ privateGfns }) => ({
        privateGfns:
          file === 0 ? remove(privateGfns, start, end + 40) : put(privateGfns, start, end + 90, true),
      }));
    case 'memory':
      return withVm(state, ({ memories }) => ({
        memories: memories
          .filter(() => length < 8)
          .map((memory) => ({ ...memory, present: remove(memory.present, start, end) })),
      }));
    case 'slot':
      return withVm(state, ({ slots }) => ({
        slots: slots.map((slot) => (slot.id === file ? movedSlot(slot, change) : slot)),
      }));
    case 'rmp':
      return {
        ...state,
        rmp: update(state.rmp, 512 + start * 3, 512 + end * 3, (entry) => ({
          ...entry,
          assigned: length % 3 > 0,
        })),
      };
    case 'leaves':
      return withVm(state, ({ roots }) => ({
        roots: roots.map((root) => ({ ...root, leaves: remove(root.leaves, start, end + 40) })),
      }));
  }
}

/** Each round changes the state in a few places. */
const rounds = fc.array(fc.array(tampering, { minLength: 1, maxLength: 3 }), { maxLength: 12 });

/** All roots looked through anew. */
function everything(state: State, vmId: number) {
  const vm = state.vms[vmId]!;
  return vm.roots.filter(({ invalid }) => !invalid).flatMap((root) => staleInRoot(state, vm, root));
}

/** Looks only at what changed since `before`, and checks that it finds the same. */
function expectSameStale(before: State, after: State, where?: string): number {
  let found = 0;
  before.vms.forEach((_, vmId) => {
    if (after.vms[vmId] === undefined) return;
    staleMappings(before, vmId);
    const stale = staleMappings(after, vmId, before);
    expect(stale, where).toEqual(everything(after, vmId));
    found += stale.length;
  });
  return found;
}

function expectSameFreed(before: State, after: State, where?: string): number {
  const known = freedAssigned(before);
  const freed = freedAssigned(after).filter(
    ({ start, end }) => !known.some((range) => range.start <= start && range.end >= end),
  );
  expect(newlyFreedAssigned(before, after), where).toEqual(freed);
  return freed.length;
}

describe('what a statement left behind, found from what it changed', () => {
  it('is what looking through the whole state finds', () => {
    fc.assert(
      fc.property(texts, (text) => {
        for (const { before, after } of runScenario(analyze(text).programs[0])) {
          expectSameStale(before, after, text);
          expectSameFreed(before, after, text);
        }
      }),
      { numRuns: 300 },
    );
  });

  it('is found in any order of the states', () => {
    fc.assert(
      fc.property(texts, fc.array(fc.nat(), { maxLength: 20 }), (text, order) => {
        const states = [...runScenario(analyze(text).programs[0])].map(({ after }) => after);
        let before = states[0];
        for (const at of order) {
          const after = states[at % states.length];
          if (before !== undefined && after !== undefined) expectSameStale(before, after, text);
          before = after;
        }
      }),
      { numRuns: 200 },
    );
  });

  it('is the same for changes that no kernel makes', () => {
    let stale = 0;
    let freed = 0;
    fc.assert(
      fc.property(rounds, (all) => {
        let before = TAMPERED;
        for (const changes of all) {
          const after = changes.reduce(tamper, before);
          stale += expectSameStale(before, after);
          freed += expectSameFreed(before, after);
          before = after;
        }
      }),
      { numRuns: 500 },
    );
    expect(stale).toBeGreaterThan(1000);
    expect(freed).toBeGreaterThan(1000);
  });
});

describe('what changed with a statement, as far as stale mappings depend on it', () => {
  it.each(workloads(200))('is as much among hundreds of pages as among few: $name', ({ text }) => {
    const changes = [...runScenario(analyze(text).programs[0])]
      .filter(({ before, statement: { call } }) => before.vms.length > 0 && call.kind !== 'convert')
      .map(({ before, after, vmId }) => {
        const mapping = ({ vms, files }: State) => ({ vm: vms[vmId]!, vms, files });
        const { gfns, pfns } = mappingChanges(mapping(before), mapping(after));
        return gfns.length + pfns.length;
      });
    expect(Math.max(...changes)).toBeLessThanOrEqual(3);
  });
});
