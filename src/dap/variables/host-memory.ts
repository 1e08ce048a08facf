/** The VMM's userspace memory of slots. */
import { counted, hex, rangeText } from '../../outcome';
import { bytesOf, type HostChunk, type HostMemory, pageCount, type VmState } from '../../simulator';
import { memoryReference } from '../memory/reference';
import { as, branch, leaf, part, rangeList, suffixed, type VariableNode, withMemory } from './node';

const CHUNKS: Readonly<Record<HostChunk, string>> = {
  'huge-zero-page': 'huge zero page',
  'huge-page': 'huge page',
  'page-table': 'page table',
};

export function memoryNode(memory: HostMemory): VariableNode {
  const { id, pages, thp, chunks, present } = memory;
  const value = `${counted(pages, 'page')}, ${pageCount(present)} present${thp ? ', MADV_HUGEPAGE' : ''}`;
  return branch(`memory of slot ${id}`, value, () => [
    part('size', hex(bytesOf(pages))),
    leaf('advice', thp ? 'MADV_HUGEPAGE' : 'MADV_NOHUGEPAGE'),
    rangeList('2M parts', chunks, ({ value: chunk }) => CHUNKS[chunk]),
    suffixed(
      '.present',
      rangeList('pages present', present, ({ start, end, value: { kind, frame } }) =>
        kind === 'zero' ? 'zero page' : `pfn ${rangeText({ start: start + frame, end: end + frame })}`,
      ),
    ),
  ]);
}

export function hostMemoryNodes({ memories, id }: VmState): readonly VariableNode[] {
  return memories.map((memory) => {
    const reference = memoryReference({ kind: 'memory', slot: memory.id, vm: id }, 0);
    return as(`memory(${memory.id})`, withMemory(reference, memoryNode(memory)));
  });
}
