/** Getting the page of a guest_memfd that a fault needs. */
import type { Machine } from '../machine';
import { allocatePages } from '../model/file-pages';
import { fileById, putFile, slotById } from '../model/state-parts';
import { choose, goto, type LockUse, procedure, returns, step } from '../procedure';
import { update, valueAt } from '../ranges';
import type { FilePages } from '../state';
import { makePagesPrivate } from './rmp-pages';

interface GetPfnLocals {
  slot: number;
  gfn: number;
  /** End of the gfns wanted; all of them are alike. */
  end: number;
  file: number;
  /** File pages [index, index + end - gfn). */
  index: number;
  /** pfn minus gfn. */
  frame: number;
  huge: boolean;
}

/** What get_pfn returns, if not an errno. */
export interface GmemPage {
  /** pfn minus gfn, for every gfn that was asked for. */
  readonly frame: number;
  /** Part of a 2 MiB folio. */
  readonly huge: boolean;
}

/** The page's lock; of a run, the first page stands for all. */
const folioLock: LockUse<GetPfnLocals> = {
  lock: 'folio_lock',
  mode: 'write',
  of: ({ file, index }) => `${file}:${index}`,
};

function findOrCreate(machine: Machine, locals: GetPfnLocals): void {
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

/** @throws Error where the page is not there: G4 brought it in. */
function pageOfIndex(machine: Machine, { file, index }: GetPfnLocals): FilePages {
  const page = valueAt(fileById(machine.state, file).cache, index);
  if (page === undefined) throw new Error('the page of the fault is gone');
  return page;
}

/** Makes the pages of the fault private in the RMP; `huge`: by entries of 2M where that can be. */
function prepare(machine: Machine, { gfn, end, frame }: GetPfnLocals, huge: boolean): undefined {
  makePagesPrivate(machine, { start: gfn + frame, end: end + frame }, gfn, huge);
}

/** Returns a GmemPage, or an errno. */
export const gmemGetPfn = procedure<GetPfnLocals>({
  name: 'kvm_gmem_get_pfn',
  source: 'virt/kvm/guest_memfd.c',
  about: 'Finds or allocates the file page behind a gfn, zeroed. Takes no invalidate lock.',
  locals: { slot: 0, gfn: 0, end: 0, file: 0, index: 0, frame: 0, huge: false },
  steps: [
    step('G1', 'EFAULT if the slot has no file any more', (machine, locals) => {
      const gmem = slotById(machine.state, locals.slot)?.gmem;
      if (gmem?.file === null || gmem?.file === undefined) return returns('EFAULT');
      locals.file = gmem.file;
      return undefined;
    }),
    step('G2', 'index = gfn - base_gfn + pgoff', (machine, locals) => {
      const slot = slotById(machine.state, locals.slot);
      if (!slot?.gmem) return returns('EFAULT');
      locals.index = locals.gfn - slot.baseGfn + slot.gmem.pgoff;
      return undefined;
    }),
    step('G3', 'EIO if the page is not bound to this slot', (machine, { file, slot, index }) =>
      valueAt(fileById(machine.state, file).bindings, index) === slot ? undefined : returns('EIO'),
    ),
    step(
      'G4',
      'lock the page in the file, allocating it if it is not there',
      (machine, locals) => {
        findOrCreate(machine, locals);
        return undefined;
      },
      { takes: folioLock },
    ),
    choose('gmem-prepare', {
      once: [
        step(
          'G7p',
          'not uptodate: zero it, and make it private in the RMP, a 2M folio by one entry',
          (machine, locals) =>
            pageOfIndex(machine, locals).uptodate ? goto('G8') : prepare(machine, locals, locals.huge),
        ),
      ],
      'each-time': [],
    }),
    step('G7', 'it is zeroed: uptodate', (machine, { file: id, index, gfn, end }) => {
      const file = fileById(machine.state, id);
      const cache = update(file.cache, index, index + end - gfn, (pages) => ({ ...pages, uptodate: true }));
      machine.state = putFile(machine.state, { ...file, cache });
      return undefined;
    }),
    choose('gmem-prepare', {
      once: [],
      'each-time': [
        step(
          'G7b',
          'unless the file is INIT_SHARED: make it private in the RMP, where it is not, as 4K',
          (machine, locals) =>
            fileById(machine.state, locals.file).initShared ? undefined : prepare(machine, locals, false),
        ),
      ],
    }),
    step(
      'G8',
      'unlock it; return its pfn',
      (_, { frame, huge }) => returns({ frame, huge } satisfies GmemPage),
      {
        drops: folioLock,
      },
    ),
  ],
});
