/** The syntax of VMPL permissions: `rwus`, `rw`, `none`. */

/** The letters in order; the first is bit 0 of the mask of RMPADJUST. */
const LETTERS = 'rwus';

function written(mask: number): string {
  return [...LETTERS].filter((_letter, bit) => (mask & (1 << bit)) !== 0).join('');
}

/** All spellings, indexed by the mask: read 1, write 2, user-mode execute 4, supervisor-mode execute 8. */
export const PERMISSIONS: readonly string[] = [
  'none',
  ...Array.from({ length: 15 }, (_, at) => written(at + 1)),
];

/** The mask; null if the text is malformed. */
export function permissionsMask(text: string): number | null {
  const mask = PERMISSIONS.indexOf(text);
  return mask === -1 ? null : mask;
}
