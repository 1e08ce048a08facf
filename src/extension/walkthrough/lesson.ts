/** The scenario that the walkthrough writes with the user, piece by piece. The user may have typed a piece already. */
export const LESSON = {
  beginning: `# My first hole
kernel linux-7.3
vm sw-protected

# A file of guest memory.
gmem A size 4M
`,
  slot: `
# Its first half, as the guest sees it; private.
slot 0 gpa 0x80000000 size 2M gmem A offset 0
convert gpa 0x80000000 size 2M private
`,
  hole: `
# The guest has four pages; a hole takes two of them.
prefault vcpu 0 gpa 0x80000000 size 16K
punch A offset 0x1000 size 8K
fault vcpu 0 read gpa 0x80001000
`,
} as const;

export type Piece = keyof typeof LESSON;

/** The text to add so that the document has a piece; empty if it already has it. */
export function additionOf(piece: Piece, text: string): string {
  const has = LESSON[piece]
    .split('\n')
    .filter((line) => line !== '' && !line.startsWith('#'))
    .every((line) => text.includes(line));
  if (has) return '';
  return `${text === '' || text.endsWith('\n') ? '' : '\n'}${LESSON[piece]}`;
}
