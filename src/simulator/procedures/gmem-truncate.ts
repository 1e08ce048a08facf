/** Taking pages out of a guest_memfd, and what becomes of them. */
import type { Machine } from '../machine';
import { removePages } from '../model/file-pages';
import { fileById } from '../model/state-parts';
import { call, goto, procedure, returns, step, type Wait } from '../procedure';
import type { Range } from '../ranges';
import { hasAssigned, sevGmemInvalidate } from './sev-gmem';

/** The lock of a page in [start, end) that somebody holds. */
function lockedPage(machine: Machine, { file, start, end }: TruncateLocals): Wait | null {
  const prefix = `folio_lock ${file}:`;
  const held = machine.state.locks.find(({ lock }) => {
    const index = lock.startsWith(prefix) ? Number(lock.slice(prefix.length)) : -1;
    return index >= start && index < end;
  });
  return held === undefined ? null : { lock: held.lock, holders: [held.task] };
}

interface TruncateLocals extends Range {
  file: number;
  /** pfns of the pages that left the file, and are not free yet. */
  freed: readonly Range[];
}

/** `start` and `end` are file pages. */
export const truncateInodePages = procedure<TruncateLocals>({
  name: 'truncate_inode_pages_range',
  source: 'mm/truncate.c',
  about: 'Removes file pages [start, end) from the page cache, and frees them.',
  locals: { file: 0, start: 0, end: 0, freed: [] },
  steps: [
    step(
      'TI1',
      'remove the pages, waiting for those that are locked',
      (machine, locals) => {
        const { state, freed } = removePages(machine.state, locals.file, locals);
        machine.state = state;
        const { name } = fileById(state, locals.file);
        for (const { pages } of freed) machine.emit({ type: 'gmem-freed', file: name, ...pages });
        locals.freed = freed.map(({ pfns }) => pfns);
        return undefined;
      },
      { waits: lockedPage },
    ),
    step(
      'TI2',
      "free_folio, page after page: what a SEV-SNP guest has becomes the hypervisor's; then free the page",
      (machine, locals) => {
        const at = locals.freed.findIndex((range) => hasAssigned(machine, range));
        if (at < 0) return returns();
        const { start, end } = locals.freed[at]!;
        locals.freed = locals.freed.slice(at + 1);
        return call(sevGmemInvalidate, { start, end });
      },
    ),
    step('TI3', 'go on with the next (TI2)', () => goto('TI2')),
  ],
});
