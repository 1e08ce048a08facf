/** guest_memfd files: which pages exist, and who is bound where. */
import { hex, rangeText } from '../../outcome';
import { pageCount } from '../../simulator/ranges';
import type { FilePages, GmemFile, State } from '../../simulator/state';
import { bytesOf } from '../../simulator/units';
import { branch, counted, leaf, rangeList, type VariableNode, yesNo } from './node';

function flagsText({ mmap, initShared, huge }: GmemFile): string {
  const flags = [mmap ? 'mmap' : null, initShared ? 'init-shared' : null, huge ? 'huge' : null];
  return flags.filter((flag) => flag !== null).join(', ') || 'none';
}

function pagesText(start: number, end: number, { frame, uptodate, huge, poisoned }: FilePages): string {
  const frames = rangeText({ start: start + frame, end: end + frame });
  const folios = end - start > 512 ? ', 2M folios' : ', 2M folio';
  return `pfn ${frames}${huge ? folios : ''}${uptodate ? '' : ', not up to date'}${poisoned ? ', poisoned' : ''}`;
}

function fileNode(file: GmemFile, { parked }: State): VariableNode {
  const { name, pages, open, leaked, vmId, cache, bindings } = file;
  const value = `${counted(pages, 'page')}, ${pageCount(cache)} present${open ? '' : ', closed'}`;
  return branch(name, value, () => [
    leaf('file', String(file.id)),
    leaf('size', `${hex(bytesOf(pages))} (${counted(pages, 'page')})`),
    leaf('flags', flagsText(file)),
    leaf('open', yesNo(open)),
    ...(leaked ? [leaf('reference leaked', yesNo(leaked))] : []),
    ...(parked.length === 0 ? [] : [leaf('VM', `VM ${vmId}`)]),
    rangeList('pages present', cache, ({ start, end, value: held }) => pagesText(start, end, held)),
    rangeList('bindings', bindings, ({ value: slot }) => `slot ${slot}`),
  ]);
}

/** Every file, and the names that stand for a bad descriptor. */
export function fileNodes(state: State): readonly VariableNode[] {
  const { files, descriptors } = state;
  const bad = Object.entries(descriptors).filter(([, file]) => file === null);
  return [
    ...files.map((file) => fileNode(file, state)),
    ...bad.map(([name]) => leaf(name, 'bad descriptor (-1)')),
  ];
}
