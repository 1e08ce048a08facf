import { describe, expect, it } from 'vitest';
import type { VmType } from '../../../src/simulator/calls';
import { errorCodeOf, type FaultCause, NO_CAUSE } from '../../../src/simulator/model/error-code';

const PRIVATE = { private: true };

describe('the error code of a nested page fault', () => {
  it.each<[VmType, string, Partial<FaultCause>, bigint]>([
    ['default', 'read', {}, 0x1_0000_0004n],
    ['default', 'write', { write: true }, 0x1_0000_0006n],
    ['default', 'fetch', { exec: true }, 0x1_0000_0014n],
    ['default', 'read of an MMIO SPTE', { rsvd: true }, 0x1_0000_000cn],
    ['sw-protected', 'read', PRIVATE, 0x1_0000_0004n],
    ['sev-snp', 'shared read', {}, 0x1_0000_0004n],
    ['sev-snp', 'private read', PRIVATE, 0x5_0000_0004n],
    ['sev-snp', 'private fetch', { ...PRIVATE, exec: true }, 0x5_0000_0014n],
    [
      'sev-snp',
      'write that the RMP forbids',
      { ...PRIVATE, write: true, present: true, rmp: true },
      0x5_8000_0007n,
    ],
    [
      'sev-snp',
      'PVALIDATE of 4K in 2M',
      { ...PRIVATE, present: true, rmp: true, sizem: true },
      0xd_8000_0005n,
    ],
    [
      'sev-snp',
      'read that the VMPL may not',
      { ...PRIVATE, present: true, rmp: true, vmpl: true },
      0x15_8000_0005n,
    ],
    ['tdx', 'shared read', {}, 0x4n],
    ['tdx', 'shared write', { write: true }, 0x2n],
    ['tdx', 'shared write to a read-only page', { write: true, present: true }, 0x3n],
    ['tdx', 'private read', PRIVATE, 0x2n],
    ['tdx', 'private write', { ...PRIVATE, write: true }, 0x2n],
    ['tdx', 'private fetch', { ...PRIVATE, exec: true }, 0x2n],
  ])('%s: a %s', (vm, _what, cause, code) => {
    expect(errorCodeOf({ ...NO_CAUSE, ...cause }, vm)).toBe(code);
  });
});
