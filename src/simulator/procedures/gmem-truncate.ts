/** Removes pages from a guest_memfd and frees them. */
import type { Machine } from '../machine';
import { zeroByte } from '../model/contents';
import { partlyCovered, removePages } from '../model/file-pages';
import { fileById } from '../model/state-parts';
import { type Control, call, choose, goto, procedure, returns, step, type Wait } from '../procedure';
import type { Range } from '../ranges';
import { hostWrites } from './host-write';
import { hasAssigned, sevGmemInvalidate } from './sev-gmem';
import { warnOnce } from './warn';

/** A held lock of a page in [start, end); null if there is none. */
function lockedPage(machine: Machine, { file, start, end }: TruncateLocals): Wait | null {
  const held = machine.state.locks.find(
    ({ lock }) => lock.kind === 'folio_lock' && lock.file === file && lock.page >= start && lock.page < end,
  );
  return held === undefined ? null : { lock: held.lock, holders: [held.task] };
}

interface TruncateLocals extends Range {
  file: number;
  /** The range includes the first byte of page `end`. */
  beyond: boolean;
  /** pfns of the pages that were removed from the file and are not freed yet. */
  freed: readonly Range[];
}

/** Whether this is an AMD host with SEV-SNP off, like that of the recordings: no VM is an SEV-SNP or TDX guest. */
function isWithoutRmp({ state }: Machine): boolean {
  return state.vms.every(({ type }) => type === 'default' || type === 'sw-protected');
}

/** Longer runs of pages are freed together, so that the cost depends on the number of runs. */
const MOST_SINGLE = 64;

/** The pfns that are freed one after the other: single pages if other calls may run in between. */
function freedInTurn({ task }: Machine, freed: readonly Range[]): readonly Range[] {
  if (!task.pagewise) return freed;
  return freed.flatMap(({ start, end }) =>
    end - start > MOST_SINGLE
      ? [{ start, end }]
      : Array.from({ length: end - start }, (_, at) => ({ start: start + at, end: start + at + 1 })),
  );
}

const NO_ENTRY = 'WARN_ONCE: failed to retrieve the RMP entry of a page that is freed';

/** truncate_inode_partial_folio(): zeroes the parts of the range in folios that stay, if the RMP allows it. */
function zeroPartly(machine: Machine, { file: id, start, end, beyond }: TruncateLocals): Control | undefined {
  const file = fileById(machine.state, id);
  for (const { frame, ...pages } of partlyCovered(file, { start, end }, beyond)) {
    const stopped = hostWrites(machine, { start: pages.start + frame, end: pages.end + frame });
    if (stopped !== undefined) return stopped;
    if (pages.end > end) {
      machine.state = zeroByte(machine.state, { pfn: end + frame, offset: 0 });
      machine.emit({ type: 'byte-zeroed', file: file.name, page: end });
    }
  }
  return undefined;
}

/** `start` and `end` are file pages. */
export const truncateInodePages = procedure<TruncateLocals>({
  name: 'truncate_inode_pages_range',
  source: 'mm/truncate.c',
  about: 'Removes file pages [start, end) from the page cache, and frees them.',
  locals: { file: 0, start: 0, end: 0, beyond: false, freed: [] },
  steps: [
    choose('partial-truncate', {
      untouched: [],
      zeroed: [
        step(
          'TI0',
          'if [start, end) covers a page or a folio only partly, zero that part through the direct map',
          zeroPartly,
        ),
      ],
    }),
    step(
      'TI1',
      'remove the pages, waiting for those that are locked',
      (machine, locals) => {
        const { state, freed } = removePages(machine.state, locals.file, locals);
        machine.state = state;
        const { name } = fileById(state, locals.file);
        for (const { pages } of freed) machine.emit({ type: 'gmem-freed', file: name, ...pages });
        locals.freed = freedInTurn(
          machine,
          freed.map(({ pfns }) => pfns),
        );
        return undefined;
      },
      { blocked: lockedPage },
    ),
    choose('reclaim-lookup', {
      quiet: [],
      warns: [
        step(
          'TI1w',
          'WARN_ON_ONCE if the host has no RMP to look the freed pages up in',
          (machine, { freed }) => {
            if (freed.length > 0 && isWithoutRmp(machine)) warnOnce(machine, NO_ENTRY);
            return undefined;
          },
        ),
      ],
    }),
    choose('rmp-reset', {
      'at-free': [
        step(
          'TI2',
          'free_folio for every page: if a SEV-SNP guest owns it, return it to the hypervisor; then free it',
          (machine, locals) => {
            const at = locals.freed.findIndex((range) => hasAssigned(machine, range));
            const range = locals.freed[at];
            if (range === undefined) return returns();
            const { start, end } = range;
            locals.freed = locals.freed.slice(at + 1);
            return call(sevGmemInvalidate, { start, end });
          },
        ),
        step('TI3', 'continue with the next page (TI2)', () => goto('TI2')),
      ],
      'at-unmap': [step('TI2', 'free the pages, even if they are assigned in the RMP', () => returns())],
    }),
  ],
});
