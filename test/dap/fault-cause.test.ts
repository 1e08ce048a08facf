import { describe, expect, it } from 'vitest';
import { causeText, isFaultCause } from '../../src/dap/variables/fault-cause';
import { type FaultCause, NO_CAUSE } from '../../src/simulator/model/error-code';

describe('the cause of a nested page fault', () => {
  it.each<[Partial<FaultCause>, string]>([
    [{}, 'shared read, not mapped'],
    [{ exec: true }, 'shared exec, not mapped'],
    [{ write: true, present: true }, 'shared write, mapped'],
    [{ rsvd: true }, 'shared read, reserved bit in the SPTE'],
    [{ private: true, present: true, rmp: true }, 'private read, mapped, forbidden by the RMP'],
    [
      { private: true, present: true, rmp: true, sizem: true },
      'private read, mapped, forbidden by the RMP, the RMP entry is larger than the page',
    ],
    [
      { private: true, write: true, present: true, rmp: true, vmpl: true },
      'private write, mapped, forbidden by the RMP, no such permission of the VMPL',
    ],
  ])('%j', (parts, expected) => {
    expect(causeText({ ...NO_CAUSE, ...parts })).toBe(expected);
  });

  it('is distinguished from other records by its parts', () => {
    expect(isFaultCause(NO_CAUSE)).toBe(true);
    expect(isFaultCause({ write: true, exec: false })).toBe(false);
    expect(isFaultCause({ ...NO_CAUSE, gfn: 1 })).toBe(false);
  });
});
