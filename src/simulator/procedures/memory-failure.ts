/** Memory failure: the hardware reports an uncorrected error in a page of a guest_memfd. */
import type { Machine } from '../machine';
import { gfnsBoundTo } from '../model/bindings';
import { poisonPage } from '../model/file-pages';
import { fileById, fileByName } from '../model/state-parts';
import { call, callFor, choose, procedure, returns, step } from '../procedure';
import { valueAt } from '../ranges';
import { pageOf } from '../units';
import { FIND_PAGE, type FilePageLocals, findPage } from './file-page';
import type { FileRange } from './gmem-allocate';
import { gmemInvalidateBegin, gmemInvalidateEnd } from './gmem-invalidate';
import { invalidateLock } from './locks';
import { finish, reject } from './results';
import { warnOnce } from './warn';

const NOT_IN_SLOT = 'WARN_ON_ONCE: the file index of a poisoned page, used as a gfn, is not in the slot';

/** The behaviour of the series of 2023: it used the index in the file as if it were the gfn. */
function signal(machine: Machine, { file, start, end }: FileRange): undefined {
  for (const { slot } of gfnsBoundTo(machine.state, file, { start, end })) {
    for (let gfn = start; gfn < end; gfn++) {
      if (gfn < slot.baseGfn || gfn >= slot.baseGfn + slot.pages) warnOnce(machine, NOT_IN_SLOT);
      else machine.emit({ type: 'sigbus', slot: slot.id, gfn });
    }
  }
}

/** The page stays in the file until the VMM frees it. */
export const gmemErrorFolio = procedure<FileRange>({
  name: 'kvm_gmem_error_folio',
  source: 'virt/kvm/guest_memfd.c',
  about: 'Removes a poisoned page from the guest. It stays in the file, where the next fault finds it.',
  locals: { file: 0, start: 0, end: 0 },
  steps: [
    step('E1', 'take the invalidate lock, shared', () => undefined, { takes: invalidateLock('read') }),
    choose('gmem-poison', {
      zapped: [
        step('E2', 'zap the page in the slot bound to it', (_, { file, start, end }) =>
          call(gmemInvalidateBegin, { file, start, end }),
        ),
        step('E4', 'let faults find the poisoned page', (_, { file, start, end }) =>
          call(gmemInvalidateEnd, { file, start, end }),
        ),
      ],
      signalled: [
        step(
          'E2',
          'gfn = the index in the file. WARN_ON_ONCE if the bound slot has no such gfn; else SIGBUS at its userspace address',
          signal,
        ),
      ],
    }),
    step('E5', 'drop the invalidate lock; the page is not freed', () => returns(), {
      drops: invalidateLock('read'),
    }),
  ],
});

interface FailureLocals extends FilePageLocals {
  file: number;
  index: number;
}

export const memoryFailure = procedure<FailureLocals>({
  name: 'memory_failure',
  source: 'mm/memory-failure.c',
  about: 'The host stops using a page in which the hardware found an uncorrectable error.',
  locals: { name: '', offset: 0n, pfn: 0, file: 0, index: 0 },
  steps: [
    step('MF1', FIND_PAGE, findPage),
    step('MF2', 'EHWPOISON if it is already poisoned; otherwise mark it poisoned', (machine, locals) => {
      const file = fileByName(machine.state, locals.name);
      if (file === null) return reject(machine, 'EBADF', 'bad-descriptor');
      locals.file = file.id;
      locals.index = pageOf(locals.offset);
      if (valueAt(file.cache, locals.index)?.poisoned === true)
        return reject(machine, 'EHWPOISON', 'page-poisoned');
      machine.state = poisonPage(machine.state, file.id, locals.index);
      machine.emit({ type: 'poisoned', file: file.name, page: locals.index });
      return undefined;
    }),
    step('MF3', 'error_remove_folio: call guest_memfd', (machine, locals) => {
      const { file, index } = locals;
      const { vmId } = fileById(machine.state, file);
      return callFor(vmId, gmemErrorFolio, { file, start: index, end: index + 1 });
    }),
    // truncate_error_folio() takes MF_DELAYED, which guest_memfd returns, for an error; the recordings show it.
    step(
      'MF4',
      'return EBUSY: guest_memfd defers recovery until the page is freed, which counts as failed',
      (machine) => finish(machine, 'EBUSY'),
    ),
  ],
});
