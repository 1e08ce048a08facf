/** guest_memfd files: which pages exist, and who is bound where. */
import { hex, rangeText } from '../../outcome';
import { pageCount } from '../../simulator/ranges';
import type { FilePages, GmemFile, State } from '../../simulator/state';
import { bytesOf } from '../../simulator/units';
import { branch, counted, leaf, rangeList, type VariableNode } from './node';

function flagsText({ mmap, initShared }: GmemFile): string {
  return [mmap ? 'mmap' : null, initShared ? 'init-shared' : null].filter(Boolean).join(', ') || 'none';
}

function pagesText(start: number, end: number, { frame, uptodate }: FilePages): string {
  const frames = rangeText({ start: start + frame, end: end + frame });
  return `pfn ${frames}${uptodate ? '' : ', not up to date'}`;
}

function fileNode(file: GmemFile): VariableNode {
  const { name, pages, open, cache, bindings } = file;
  const value = `${counted(pages, 'page')}, ${pageCount(cache)} present${open ? '' : ', closed'}`;
  return branch(name, value, () => [
    leaf('file', String(file.id)),
    leaf('size', `${hex(bytesOf(pages))} (${counted(pages, 'page')})`),
    leaf('flags', flagsText(file)),
    leaf('open', open ? 'yes' : 'no'),
    rangeList('pages present', cache, ({ start, end, value: held }) => pagesText(start, end, held)),
    rangeList('bindings', bindings, ({ value: slot }) => `slot ${slot}`),
  ]);
}

/** Every file, and the names that stand for a bad descriptor. */
export function fileNodes({ files, descriptors }: State): readonly VariableNode[] {
  const bad = Object.entries(descriptors).filter(([, file]) => file === null);
  return [...files.map(fileNode), ...bad.map(([name]) => leaf(name, 'bad descriptor (-1)'))];
}
