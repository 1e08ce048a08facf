/** Finds the page behind a file offset, for operations of the host on single pages. */
import type { Machine } from '../machine';
import { fileByName } from '../model/state-parts';
import type { Control } from '../procedure';
import { valueAt } from '../ranges';
import { pageOf } from '../units';
import { reject } from './results';

export interface FilePageLocals {
  name: string;
  offset: bigint;
  pfn: number;
}

/** Finds the page behind the file offset: EBADF for a bad descriptor, EFAULT if there is no page. */
export function findPage(machine: Machine, locals: FilePageLocals): Control | undefined {
  const file = fileByName(machine.state, locals.name);
  if (file === null) return reject(machine, 'EBADF', 'bad-descriptor');
  const index = pageOf(locals.offset);
  const page = valueAt(file.cache, index);
  if (page === undefined) return reject(machine, 'EFAULT', 'no-page');
  locals.pfn = index + page.frame;
  return undefined;
}

export const FIND_PAGE = 'find the page in the file; EFAULT if there is none';
