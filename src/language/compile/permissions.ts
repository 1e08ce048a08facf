/** Permissions of a VMPL as they are written: `rwus`, `rw`, `none`. */

/** Letters in their order; the first is bit 0 of the mask of RMPADJUST. */
const LETTERS = 'rwus';

function written(mask: number): string {
  return [...LETTERS].filter((_letter, bit) => (mask & (1 << bit)) !== 0).join('');
}

/** Every way to write them, by the mask: read 1, write 2, execute as user 4, as supervisor 8. */
export const PERMISSIONS: readonly string[] = [
  'none',
  ...Array.from({ length: 15 }, (_, at) => written(at + 1)),
];

/** The mask; null where the text is malformed. */
export function permissionsMask(text: string): number | null {
  const mask = PERMISSIONS.indexOf(text);
  return mask === -1 ? null : mask;
}
