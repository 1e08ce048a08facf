/** Scenarios that tests of the debugger share. */

/** One file, two slots, the second at a non-zero offset; a hole over the end of one and the start of the other. */
export const HOLE = `# One file, two slots.
kernel linux-7.3
vm sw-protected
gmem A size 4M
slot 0 gpa 0x80000000 size 2M gmem A offset 0
slot 1 gpa 0x90000000 size 1M gmem A offset 2M
convert gpa 0x80000000 size 2M private
convert gpa 0x90000000 size 1M private
prefault vcpu 0 gpa 0x801fe000 size 8K
prefault vcpu 0 gpa 0x90000000 size 16K

punch A
  offset 0x1ff000 size 12K
fault vcpu 0 read gpa 0x90000000
`;

/** Line of the `punch` in HOLE. */
export const PUNCH = 12;

/** A second slot on pages that are bound already, then something that works. */
export const REFUSED = `vm sw-protected
gmem A size 64K
slot 0 gpa 0x10000000 size 32K gmem A offset 0
slot 1 gpa 0x11000000 size 32K gmem A offset 16K
convert gpa 0x10000000 size 4K private
`;

/** Many statements that each do a little. */
export function manyFaults(pages: number): string {
  const size = Math.max(2, Math.ceil(pages / 512) * 2);
  const lines = ['vm sw-protected', `slot 0 gpa 0x80000000 size ${size}M`];
  for (let page = 0; page < pages; page++) {
    lines.push(`fault vcpu 0 write gpa 0x${(0x80000000 + page * 4096).toString(16)}`);
  }
  return `${lines.join('\n')}\n`;
}
