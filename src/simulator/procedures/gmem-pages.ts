/** Getting the page of a guest_memfd that a fault needs. */
import type { Machine } from '../machine';
import { takeFrames } from '../model/frames';
import { fileById, putFile, slotById } from '../model/state-parts';
import { goto, type LockUse, procedure, returns, step } from '../procedure';
import { extentAt, put, update, valueAt } from '../ranges';

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
}

/** The page's lock; of a run, the first page stands for all. */
const folioLock: LockUse<GetPfnLocals> = {
  lock: 'folio_lock',
  mode: 'write',
  of: ({ file, index }) => `${file}:${index}`,
};

function findOrCreate(machine: Machine, locals: GetPfnLocals): void {
  const { file: id, gfn, end, index } = locals;
  const pages = end - gfn;
  const known = extentAt(fileById(machine.state, id).cache, index);
  if (known === undefined) {
    const { state, pfn } = takeFrames(machine.state, pages);
    const file = fileById(state, id);
    const value = { frame: pfn - index, uptodate: false };
    machine.state = putFile(state, { ...file, cache: put(file.cache, index, index + pages, value) });
    machine.emit({ type: 'gmem-allocated', file: file.name, start: index, end: index + pages });
    locals.frame = pfn - gfn;
  } else {
    locals.frame = known.value.frame + index - gfn;
  }
}

/** Returns `{ frame }`, pfn minus gfn of the run, or an errno. */
export const gmemGetPfn = procedure<GetPfnLocals>({
  name: 'kvm_gmem_get_pfn',
  source: 'virt/kvm/guest_memfd.c',
  about: 'Finds or allocates the file page behind a gfn, zeroed. Takes no invalidate lock.',
  locals: { slot: 0, gfn: 0, end: 0, file: 0, index: 0, frame: 0 },
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
    step('G7', 'zero it on first use (not uptodate)', (machine, { file: id, index, gfn, end }) => {
      const file = fileById(machine.state, id);
      if (valueAt(file.cache, index)?.uptodate !== false) return goto('G8');
      const cache = update(file.cache, index, index + end - gfn, (pages) => ({ ...pages, uptodate: true }));
      machine.state = putFile(machine.state, { ...file, cache });
      return undefined;
    }),
    step('G8', 'unlock it; return its pfn', (_, { frame }) => returns({ frame }), { drops: folioLock }),
  ],
});
