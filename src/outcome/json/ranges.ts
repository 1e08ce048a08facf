/** Ranges, leaves and locks as records: numbers of pages are numbers, addresses and indices are hexadecimal. */
import type { FilePagesExpectation, LeafExpectation, RootGfnsExpectation } from '../../language';
import type { Level, Lock, Range, State } from '../../simulator';
import { hex } from '../text/notation';
import type {
  FilePagesRecord,
  LeafRecord,
  LockRecord,
  MappedRecord,
  PagesRecord,
  RootPagesRecord,
} from './told';

export function pagesRecord({ start, end }: Range): PagesRecord {
  return { gfn: hex(start), pages: end - start };
}

export function rootPagesRecord({ root, ...range }: RootGfnsExpectation): RootPagesRecord {
  return { ...pagesRecord(range), ...(root === undefined ? {} : { root }) };
}

export function leafRecord(leaf: RootGfnsExpectation & { readonly level: Level }): LeafRecord {
  const { root, ...pages } = rootPagesRecord(leaf);
  return { ...pages, level: leaf.level, ...(root === undefined ? {} : { root }) };
}

/** A leaf of an outcome has a level and rights; only one of an expectation can lack them. */
export function mappedRecord({ level, rights, ...gfns }: LeafExpectation): MappedRecord {
  return { ...leafRecord({ ...gfns, level: level ?? 1 }), rights: rights === 'rwx' ? 'rwx' : 'r-x' };
}

export function filePagesRecords({ file, pages }: FilePagesExpectation): readonly FilePagesRecord[] {
  return pages.map(({ start, end }) => ({ file, page: hex(start), pages: end - start }));
}

export function lockRecord(lock: Lock, { files }: State): LockRecord {
  const nameOf = (id: number) => files.find((file) => file.id === id)?.name ?? String(id);
  switch (lock.kind) {
    case 'vcpu':
      return { kind: lock.kind, vcpu: lock.vcpu };
    case 'invalidate_lock':
      return { kind: lock.kind, file: nameOf(lock.file) };
    case 'folio_lock':
      return { kind: lock.kind, file: nameOf(lock.file), page: hex(lock.page) };
    default:
      return { kind: lock.kind };
  }
}
