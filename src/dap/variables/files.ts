/** guest_memfd files: their allocated pages and bindings. */
import { counted, hex, rangeText } from '../../outcome';
import {
  type BoundSlot,
  bytesOf,
  type Extent,
  type FilePages,
  type GmemFile,
  pageCount,
  type State,
} from '../../simulator';
import { memoryReference } from '../memory/reference';
import {
  as,
  branch,
  extentList,
  leaf,
  type MoreRows,
  part,
  suffixed,
  type VariableNode,
  withMemory,
  yesNo,
} from './node';

function flagsText({ mmap, initShared, huge }: GmemFile): string {
  const flags = [mmap ? 'mmap' : null, initShared ? 'init-shared' : null, huge ? 'huge' : null];
  return flags.filter((flag) => flag !== null).join(', ') || 'none';
}

function pagesText({ start, end, value }: Extent<FilePages>): string {
  const { frame, uptodate, huge, poisoned } = value;
  const frames = rangeText({ start: start + frame, end: end + frame });
  const folios = end - start > 512 ? ', 2M folios' : ', 2M folio';
  return `pfn ${frames}${huge ? folios : ''}${uptodate ? '' : ', not up to date'}${poisoned ? ', poisoned' : ''}`;
}

/** A run of allocated pages of a file. */
export function filePagesNode({ id }: GmemFile, pages: Extent<FilePages>): VariableNode {
  const memory = memoryReference({ kind: 'file', file: id }, pages.start);
  return withMemory(memory, leaf(rangeText(pages), pagesText(pages)));
}

/** File pages that are bound to a slot. */
export function bindingNode(bound: Extent<BoundSlot>): VariableNode {
  return leaf(rangeText(bound), `slot ${bound.value.id}`);
}

export function fileNode(file: GmemFile, { vms }: State, more: MoreRows<GmemFile> = () => []): VariableNode {
  const { name, pages, references, open, leaked, vmId, cache, bindings } = file;
  const value = `${counted(pages, 'page')}, ${pageCount(cache)} present${open ? '' : ', closed'}`;
  const row = branch(name, value, () => [
    part('file', String(file.id), 'id'),
    part('size', `${hex(bytesOf(pages))} (${counted(pages, 'page')})`),
    leaf('flags', flagsText(file)),
    part('references', String(references.count)),
    part('open', yesNo(open)),
    ...(leaked ? [part('reference leaked', yesNo(leaked), 'leaked')] : []),
    ...(vms.length === 1 ? [] : [leaf('VM', `VM ${vmId}`)]),
    suffixed(
      '.pages',
      extentList('pages present', cache, (extent) => filePagesNode(file, extent)),
    ),
    suffixed('.bindings', extentList('bindings', bindings, bindingNode)),
    ...more(file),
  ]);
  return withMemory(memoryReference({ kind: 'file', file: file.id }, 0), row);
}

/** All files, and the names of bad descriptors. */
export function fileNodes(state: State, more?: MoreRows<GmemFile>): readonly VariableNode[] {
  const { files, descriptors } = state;
  const bad = Object.entries(descriptors).filter(([, file]) => file === null);
  return [
    ...files.map((file) => {
      const node = fileNode(file, state, more);
      // A name refers to the last file created with it.
      return descriptors[file.name] === file.id ? as(file.name, node) : node;
    }),
    ...bad.map(([name]) => leaf(name, 'bad descriptor (-1)')),
  ];
}
