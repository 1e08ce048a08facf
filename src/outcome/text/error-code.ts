/** The bits of a nested page fault's error code, by KVM's names (arch/x86/include/asm/kvm_host.h). */

const BITS: readonly (readonly [bit: bigint, name: string])[] = [
  [0n, 'PRESENT'],
  [1n, 'WRITE'],
  [2n, 'USER'],
  [3n, 'RSVD'],
  [4n, 'FETCH'],
  [5n, 'PK'],
  [15n, 'SGX'],
  [31n, 'GUEST_RMP'],
  [32n, 'GUEST_FINAL'],
  [33n, 'GUEST_PAGE'],
  [34n, 'GUEST_ENC'],
  [35n, 'GUEST_SIZEM'],
  [36n, 'GUEST_VMPL'],
  [48n, 'IMPLICIT_ACCESS'],
  [49n, 'PRIVATE_ACCESS'],
];

/** `WRITE|USER|GUEST_FINAL`: the names of the bits that are set, lowest first. */
export function errorCodeNames(code: bigint): string {
  const known = BITS.filter(([bit]) => (code >> bit) & 1n).map(([, name]) => name);
  const rest = BITS.reduce((left, [bit]) => left & ~(1n << bit), code);
  if (rest !== 0n) known.push(`0x${rest.toString(16)}`);
  return known.join('|') || '0';
}
