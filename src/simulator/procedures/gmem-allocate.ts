/** fallocate without PUNCH_HOLE: allocates pages of a guest_memfd before a fault needs them. */
import type { Errno } from '../errno';
import type { Machine } from '../machine';
import { allocatePages, folioAround, markUptodate, type Pages } from '../model/file-pages';
import { fileById } from '../model/state-parts';
import { call, choose, goto, procedure, returns, step } from '../procedure';
import { type Range, within } from '../ranges';
import type { FilePages } from '../state';
import { hostWrites, togetherUntil } from './host-write';
import { invalidateLock } from './locks';
import { refuse } from './results';
import { sevGmemPrepare } from './sev-gmem';

/** File pages [start, end) of a file. */
export interface FileRange {
  file: number;
  start: number;
  end: number;
}

/** Pages to make private together, with the gfn of the first. */
interface Unprepared extends Pages {
  readonly gfn: number;
}

/** The next pages of [start, end) that are bound to a slot and not uptodate; a 2 MiB folio as a whole. */
function nextUnprepared(machine: Machine, { file: id, start, end }: FileRange): Unprepared | null {
  const file = fileById(machine.state, id);
  for (const extent of within(file.cache, start, end).filter(({ value }) => !value.uptodate)) {
    for (const bound of within(file.bindings, extent.start, extent.end)) {
      const around = folioAround(file, bound.start);
      // A folio that begins before the slot, or before the range, is left to the fault.
      const at = around !== null && around.start < bound.start ? around.end : bound.start;
      if (at >= bound.end) continue;
      const pages = folioAround(file, at) ?? single(machine, { start: at, end: bound.end }, extent.value);
      return { ...pages, gfn: bound.value.baseGfn + pages.start - bound.value.pgoff };
    }
  }
  return null;
}

/** The pages of a run that can be handled together. */
function single(machine: Machine, { start, end }: Range, { frame }: FilePages): Pages {
  const pfns = togetherUntil(machine, { start: start + frame, end: end + frame });
  return { start, end: pfns - frame, frame, folio: false };
}

interface AllocateLocals extends FileRange {
  next: Unprepared | null;
  errno: Errno | null;
}

export const gmemAllocate = procedure<AllocateLocals>({
  name: 'kvm_gmem_allocate',
  source: 'virt/kvm/guest_memfd.c',
  about: 'Allocates pages of the file. Upstream neither zeroes nor prepares them here.',
  locals: { file: 0, start: 0, end: 0, next: null, errno: null },
  steps: [
    step('A1', 'EINVAL if the range ends beyond the file', (machine, { file, end }) =>
      end > fileById(machine.state, file).pages ? refuse(machine, 'EINVAL', 'beyond-file') : undefined,
    ),
    step('A2', 'take the invalidate lock, shared', () => undefined, { takes: invalidateLock('read') }),
    step('A3', 'allocate a page at every free index of [start, end)', (machine, { file, start, end }) => {
      const { state, came } = allocatePages(machine.state, file, { start, end });
      machine.state = state;
      const { name } = fileById(state, file);
      for (const range of came)
        machine.emit({ type: 'gmem-allocated', file: name, start: range.start, end: range.end });
      return undefined;
    }),
    choose('rmp-conversion', {
      'at-fault': [],
      'at-fallocate': [
        step(
          'A3p',
          'SEV-SNP: zero the next pages that are bound to a slot and not uptodate; if none are left, go to A4',
          (machine, locals) => {
            if (machine.vm.type !== 'sev-snp') return goto('A4');
            locals.next = nextUnprepared(machine, locals);
            if (locals.next === null) return goto('A4');
            const { start, end, frame } = locals.next;
            return hostWrites(machine, { start: start + frame, end: end + frame });
          },
        ),
        step('A3m', 'make them private, at the gfns of the slot', (_, { next }) => {
          if (next === null) return goto('A4');
          const { start, end, frame, gfn, folio } = next;
          return call(sevGmemPrepare, { start: start + frame, end: end + frame, gfn, folio }, 'errno');
        }),
        step(
          'A3u',
          'if that failed, go to A4; otherwise mark them uptodate and go to A3p',
          (machine, locals) => {
            const { file, next, errno } = locals;
            if (errno !== null || next === null) return goto('A4');
            machine.state = markUptodate(machine.state, file, next);
            locals.start = next.end;
            return goto('A3p');
          },
        ),
      ],
    }),
    step('A4', 'drop the invalidate lock', (_, { errno }) => returns(errno), {
      drops: invalidateLock('read'),
    }),
  ],
});
