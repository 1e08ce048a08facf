/** Gets the guest_memfd page that a fault needs. */
import type { Errno } from '../errno';
import type { Machine } from '../machine';
import { clearPages } from '../model/contents';
import { allocatePages, folioAround, markUptodate, type Pages } from '../model/file-pages';
import { fileById } from '../model/state-parts';
import {
  type Control,
  call,
  choose,
  goto,
  type LockUse,
  procedure,
  returns,
  type Step,
  step,
} from '../procedure';
import { valueAt } from '../ranges';
import type { FilePages, Slot } from '../state';
import { dropReference, takeReference } from './file-references';
import { hostWrites } from './host-write';
import { sevGmemPrepare } from './sev-gmem';

interface GetPfnLocals {
  /** The slot that the caller has looked up. */
  memslot: Slot | null;
  gfn: number;
  /** End of the requested gfns, which all behave alike. */
  end: number;
  file: number;
  /** File pages [index, index + end - gfn). */
  index: number;
  /** pfn minus gfn. */
  frame: number;
  huge: boolean;
  errno: Errno | null;
}

/** What get_pfn returns on success. */
export interface GmemPage {
  /** pfn minus gfn, for every requested gfn. */
  readonly frame: number;
  /** Part of a 2 MiB folio. */
  readonly huge: boolean;
}

/** The lock of the page; for a run, the lock of its first page. */
const folioLock: LockUse<GetPfnLocals> = {
  kind: 'folio_lock',
  mode: 'write',
  lock: (_, { file, index }) => ({ kind: 'folio_lock', file, page: index }),
};

function findOrCreate(machine: Machine, locals: GetPfnLocals): undefined {
  const { file: id, gfn, end, index } = locals;
  const { state, came } = allocatePages(machine.state, id, { start: index, end: index + end - gfn });
  machine.state = state;
  const { name } = fileById(state, id);
  for (const range of came)
    machine.emit({ type: 'gmem-allocated', file: name, start: range.start, end: range.end });
  const page = pageOfIndex(machine, locals);
  locals.frame = page.frame + index - gfn;
  locals.huge = page.huge;
}

/** @throws Error if the page is absent, although G4 found or allocated it. */
function pageOfIndex(machine: Machine, { file, index }: GetPfnLocals): FilePages {
  const page = valueAt(fileById(machine.state, file).cache, index);
  if (page === undefined) throw new Error('the page of the fault is gone');
  return page;
}

/** The requested pages. */
function wanted({ index, gfn, end, frame }: GetPfnLocals): Pages {
  return { start: index, end: index + end - gfn, frame: frame + gfn - index, folio: false };
}

/** The pages to zero and prepare: the whole 2 MiB folio, or the requested pages. */
function folioOf(machine: Machine, locals: GetPfnLocals): Pages {
  return folioAround(fileById(machine.state, locals.file), locals.index) ?? wanted(locals);
}

/** Zeroes pages, which the RMP may forbid. */
function zero(machine: Machine, { start, end, frame }: Pages): Control | undefined {
  const pfns = { start: start + frame, end: end + frame };
  const stopped = hostWrites(machine, pfns);
  if (stopped === undefined) machine.state = clearPages(machine.state, pfns);
  return stopped;
}

/** Assigns the pages to the guest, on SEV-SNP. */
function prepare(machine: Machine, { memslot, gfn, index }: GetPfnLocals, pages: Pages): Control | undefined {
  if (machine.vm.type !== 'sev-snp') return undefined;
  // If the slot begins in the middle of a folio, the gfn of the folio's first page is outside the slot.
  const first = memslot?.gmem
    ? memslot.baseGfn + pages.start - memslot.gmem.pgoff
    : gfn + pages.start - index;
  const { start, end, frame, folio } = pages;
  return call(sevGmemPrepare, { start: start + frame, end: end + frame, gfn: first, folio }, 'errno');
}

/** Zeroes a folio that is not uptodate. */
const zeroOnce: readonly Step<GetPfnLocals>[] = [
  step('G7', 'if it is uptodate, it was zeroed and prepared before: go to G8', (machine, locals) =>
    pageOfIndex(machine, locals).uptodate ? goto('G8') : undefined,
  ),
  step('G7a', 'zero it, or its whole 2M folio, through the direct map', (machine, locals) =>
    zero(machine, folioOf(machine, locals)),
  ),
];

const prepareFolio: Step<GetPfnLocals> = step(
  'G7b',
  'SEV-SNP: make it private. WARN if the offset of the binding is not a multiple of the folio size',
  (machine, locals) => {
    const pages = folioOf(machine, locals);
    const pgoff = locals.memslot?.gmem?.pgoff ?? 0;
    if (pages.folio && pgoff % 512 !== 0) {
      const text = `WARN_ON: a 2M folio in a slot bound at page 0x${pgoff.toString(16)}, which is not a multiple of 0x200`;
      machine.emit({ type: 'warn', text });
    }
    return prepare(machine, locals, pages);
  },
);

function markFolio(text: string): Step<GetPfnLocals> {
  return step('G7d', text, (machine, locals) => {
    if (locals.errno === null)
      machine.state = markUptodate(machine.state, locals.file, folioOf(machine, locals));
    return undefined;
  });
}

/** Fails with a reference to the file held. */
function failed(machine: Machine, { file }: GetPfnLocals, errno: Errno): Control {
  dropReference(machine, file);
  return returns(errno);
}

/** Returns a GmemPage, or an errno. */
export const gmemGetPfn = procedure<GetPfnLocals>({
  name: 'kvm_gmem_get_pfn',
  source: 'virt/kvm/guest_memfd.c',
  about: 'Finds or allocates the file page behind a gfn, zeroed. Takes no invalidate lock.',
  locals: { memslot: null, gfn: 0, end: 0, file: 0, index: 0, frame: 0, huge: false, errno: null },
  steps: [
    step(
      'G1',
      'take a reference to the file of the slot; EFAULT if the last one is gone, released or not',
      (machine, locals) => {
        const { memslot } = locals;
        const file = memslot?.invalid === false ? (memslot.gmem?.file ?? null) : null;
        if (file === null || !takeReference(machine, file)) return returns('EFAULT');
        locals.file = file;
        return undefined;
      },
    ),
    step('G2', 'index = gfn - base_gfn + pgoff', (machine, locals) => {
      const { memslot, gfn } = locals;
      if (!memslot?.gmem) return failed(machine, locals, 'EFAULT');
      locals.index = gfn - memslot.baseGfn + memslot.gmem.pgoff;
      return undefined;
    }),
    step('G3', 'EIO if the page is not bound to this slot', (machine, locals) => {
      const { file, memslot, index } = locals;
      const bound = valueAt(fileById(machine.state, file).bindings, index);
      return bound?.id === memslot?.id ? undefined : failed(machine, locals, 'EIO');
    }),
    step('G4', 'find the page in the file, or allocate it, and lock it', findOrCreate, {
      takes: folioLock,
    }),
    choose('gmem-poison', {
      zapped: [
        step('G5', 'EHWPOISON if it is poisoned (G8)', (machine, locals) => {
          if (!pageOfIndex(machine, locals).poisoned) return undefined;
          locals.errno = 'EHWPOISON';
          return goto('G8');
        }),
      ],
      signalled: [],
    }),
    choose('gmem-prepare', {
      once: [...zeroOnce, prepareFolio, markFolio('if that succeeded, mark it uptodate')],
      'once-zeroed': [...zeroOnce, markFolio('mark it uptodate'), prepareFolio],
      'each-time': [
        step('G7', 'if it is not uptodate, zero it through the direct map', (machine, locals) =>
          pageOfIndex(machine, locals).uptodate ? undefined : zero(machine, wanted(locals)),
        ),
        step('G7a', 'mark it uptodate', (machine, locals) => {
          machine.state = markUptodate(machine.state, locals.file, wanted(locals));
          return undefined;
        }),
        step(
          'G7b',
          'SEV-SNP, unless the file is INIT_SHARED: make it private as 4K, if it is not private yet',
          (machine, locals) =>
            fileById(machine.state, locals.file).initShared
              ? undefined
              : prepare(machine, locals, wanted(locals)),
        ),
      ],
    }),
    step(
      'G8',
      'unlock it; drop the reference to the file; return the pfn, or the errno',
      (machine, { file, frame, huge, errno }) => {
        dropReference(machine, file);
        return returns(errno ?? ({ frame, huge } satisfies GmemPage));
      },
      { drops: folioLock },
    ),
  ],
});
