/** The scenario that the walkthrough writes with a newcomer, piece by piece. Somebody may have typed a piece already. */
export const LESSON = {
  beginning: `# The memory of a VM, as its VMM sets it up.
kernel linux-7.3
vm sw-protected

# A file of guest memory that no process of the host can map.
gmem A size 4M
`,
  slot: `
# Guest physical memory at 0x80000000 that is the first half of the file; then private.
slot 0 gpa 0x80000000 size 2M gmem A offset 0
convert gpa 0x80000000 size 2M private
`,
  hole: `
# The guest has touched four pages. A hole takes two of them out of the file again.
prefault vcpu 0 gpa 0x80000000 size 16K
punch A offset 0x1000 size 8K
fault vcpu 0 read gpa 0x80001000
`,
} as const;

export type Piece = keyof typeof LESSON;

/** What to add to a text so that it has a piece: nothing where it does. */
export function additionOf(piece: Piece, text: string): string {
  const has = LESSON[piece]
    .split('\n')
    .filter((line) => line !== '' && !line.startsWith('#'))
    .every((line) => text.includes(line));
  if (has) return '';
  return `${text === '' || text.endsWith('\n') ? '' : '\n'}${LESSON[piece]}`;
}
