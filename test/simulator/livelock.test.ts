import { describe, expect, it } from 'vitest';
import { outcomeOf } from '../../src/outcome';
import { violations } from '../../src/simulator/invariants';
import { isRepeated } from '../../src/simulator/livelock';
import { takeSnapshot } from '../../src/simulator/model/invalidation';
import type { State } from '../../src/simulator/state';
import { runText } from './running';

const OBSOLETE_ROOT = `
  vm default vcpus 2
  slot 0 gpa 256M size 1M
  slot 1 gpa 512M size 1M
  fault vcpu 0 write gpa 256M
  delete slot 1
`;

describe('calls that would never end', () => {
  it('a prefault by a vCPU whose root is obsolete, on 6.12', () => {
    const { events, state } = runText(`kernel linux-6.12 ${OBSOLETE_ROOT} prefault vcpu 0 gpa 256M size 8K`);
    expect(outcomeOf(events.at(-1)!)).toMatchObject({ result: 'livelock', left: '0x2000', sptes: [] });
    expect(violations(state)).toEqual([]);
  });

  it.each([
    ['7.3 loads another root', 'linux-7.3', 0],
    ['a vCPU that never ran has no root to keep', 'linux-6.12', 1],
  ])('but not where %s', (_, kernel, vcpu) => {
    const { events } = runText(`kernel ${kernel} ${OBSOLETE_ROOT} prefault vcpu ${vcpu} gpa 256M size 8K`);
    expect(outcomeOf(events.at(-1)!)).toMatchObject({ result: 'ok', left: '0x0' });
  });

  /** A deletion that is past its wait for SRCU makes the root obsolete that the prefault has just loaded. */
  const RACE = `
    vm default vcpus 2
    slot 0 gpa 256M size 1M
    slot 1 gpa 512M size 1M
    fault vcpu 0 write gpa 256M
    delete slot 1 until Z1 as deletion
    prefault vcpu 0 gpa 256M size 8K until PF4f as ahead
    continue deletion
    continue ahead`;

  it.each([
    ['keep', { result: 'livelock', left: '0x2000', sptes: [] }],
    ['reload', { result: 'livelock', left: '0x2000', sptes: [] }],
    ['each-attempt', { result: 'ok', left: '0x0' }],
  ])('prefault-root %s: a prefault whose root becomes obsolete before its fault', (variant, wanted) => {
    const { events } = runText(`kernel linux-7.3 with prefault-root ${variant} ${RACE}`);
    expect(outcomeOf(events.at(-1)!)).toMatchObject(wanted);
    // The deletion returns once the prefault has left its SRCU section.
    const after = runText(`kernel linux-7.3 with prefault-root ${variant} ${RACE}\ncontinue deletion`);
    expect(outcomeOf(after.events.at(-1)!)).toMatchObject({ result: 'ok' });
    expect(violations(after.state)).toEqual([]);
  });

  it('a fault after an invalidation that never ended', () => {
    const { events, state } = runText(`
      kernel linux-7.3 with gmem-invalidate always
      vm sw-protected
      gmem A size 2M
      punch A offset 0 size 4K
      slot 0 gpa 1M size 4K
      fault vcpu 0 read gpa 1M`);
    expect(outcomeOf(events.at(-1)!).result).toBe('livelock');
    expect(state.vms[0]?.mmu.inProgress).toBe(1);
    expect(state.tasks).toEqual([]);
  });

  it('a fault that zaps something in each round', () => {
    const { events, state } = runText(`
      kernel linux-6.12
      vm sev-snp launch-finish
      gmem A size 2M huge
      slot 0 gpa 1G size 2M gmem A offset 0
      convert gpa 1G size 2M private
      fault vcpu 0 read gpa 1G private
      rmpupdate A offset 0 size 2M private gpa 1G asid 1 immutable
      fault vcpu 0 read gpa 1G private`);
    expect(outcomeOf(events.at(-1)!).result).toBe('livelock');
    expect(state.tasks).toEqual([]);
  });

  it('end with EINTR, holding nothing, so that the scenario goes on', () => {
    const { events, state } = runText(`kernel linux-6.12 ${OBSOLETE_ROOT}
      prefault vcpu 0 gpa 256M size 8K
      fault vcpu 0 read gpa 257M
      fault vcpu 0 read gpa 256M`);
    expect(outcomeOf(events.at(-1)!)).toMatchObject({ result: 'ok' });
    expect(state.locks).toEqual([]);
  });
});

describe('a state is repeated although invalidations were counted', () => {
  /** A call that keeps a snapshot of `snapshotSeq` in a local of any name, where the VM has counted to `seq`. */
  function at(seq: number, snapshotSeq: number, vm = 0): State {
    const { state } = runText('vm default\nvm default');
    const [first, second] = state.vms;
    const snapshot = { ...takeSnapshot(first!), vm, seq: snapshotSeq };
    const frame = { procedure: 'p', step: 0, locals: { deep: { before: snapshot } }, into: null, vmId: 0 };
    const task = { id: 0, title: 'a', vcpu: 0, vmId: 0, suspended: null, signal: false, pagewise: false };
    const counted = { ...first!, mmu: { ...first!.mmu, seq } };
    return { ...state, vms: [counted, second!], tasks: [{ ...task, stack: [frame] }] };
  }

  it('if its snapshots are as current, or as stale, as before', () => {
    expect(isRepeated(at(5, 5), at(3, 3))).toBe(true);
    expect(isRepeated(at(5, 1), at(3, 2))).toBe(true);
  });

  it('but not if one has become stale, or is of another VM and differs', () => {
    expect(isRepeated(at(5, 3), at(3, 3))).toBe(false);
    expect(isRepeated(at(5, 5, 1), at(3, 3, 1))).toBe(false);
  });
});
