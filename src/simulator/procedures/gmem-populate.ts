/** Fills an SNP guest's private memory before it runs, page by page; pages that behave alike are handled together. */
import type { LaunchPageType } from '../calls';
import type { Errno } from '../errno';
import type { Refusal } from '../events';
import type { Machine } from '../machine';
import { fillPages } from '../model/contents';
import { allocatePages, markUptodate } from '../model/file-pages';
import { fileById, isPrivate, slotAt } from '../model/state-parts';
import { asidOf } from '../model/vms';
import { type Control, call, choose, goto, procedure, returns, step } from '../procedure';
import { extentAt, type Range, touching, valueAt, within } from '../ranges';
import { firmwareAccepts, firmwareReclaims } from '../rmp/firmware';
import type { FilePages, GmemFile } from '../state';
import { dropReference, takeReference } from './file-references';
import { hostWrites, togetherUntil } from './host-write';
import { invalidateLock } from './locks';
import { kernelRmpupdate } from './rmpupdate';
import { hasAssigned } from './sev-gmem';

/** Why populate stopped; LAUNCH_UPDATE returns EIO for every such errno. */
interface Failure {
  readonly errno: Errno;
  readonly reason: Refusal;
}

/** What kvm_gmem_populate() returns: the number of pages, or the failure if there are none. */
export interface Populated {
  readonly pages: number;
  readonly failure: Failure | null;
}

interface PopulateLocals {
  gfn: number;
  end: number;
  type: LaunchPageType;
  /** The VMM gave contents. */
  source: boolean;
  file: number;
  /** File index minus gfn. */
  toIndex: number;
  /** Gfns [at, stop) are handled now; those before are done. */
  at: number;
  stop: number;
  errno: Errno | null;
  failure: Failure | null;
}

function fail(locals: PopulateLocals, errno: Errno, reason: Refusal): Control {
  locals.failure = { errno, reason };
  return goto('PO7e');
}

function fileOf(machine: Machine, { file }: PopulateLocals): GmemFile {
  return fileById(machine.state, file);
}

/** The page of the first current gfn. */
function pageAtHand(machine: Machine, locals: PopulateLocals): FilePages | undefined {
  return valueAt(fileOf(machine, locals).cache, locals.at + locals.toIndex);
}

/** pfns of the current pages, which PO6b found or allocated. */
function pfnsAtHand(machine: Machine, locals: PopulateLocals): Range {
  const delta = locals.toIndex + (pageAtHand(machine, locals)?.frame ?? 0);
  return { start: locals.at + delta, end: locals.stop + delta };
}

/**
 * End of the gfns from `at` on that behave alike: they are private, their file pages are contiguous or all missing, none
 * is uptodate or assigned, and the host can write to them. A page that is refused is handled alone.
 */
function alike(machine: Machine, locals: PopulateLocals): number {
  const { state, vm } = machine;
  const { at, end, toIndex } = locals;
  const next = at + 1;
  if (vm.launched) return next;
  const known = extentAt(vm.privateGfns, at);
  if (known === undefined) return next;
  const { cache } = fileOf(machine, locals);
  const limit = Math.min(end, known.end) + toIndex;
  const page = extentAt(cache, at + toIndex);
  if (page === undefined) {
    const missing = Math.min(touching(cache, at + toIndex, limit)[0]?.start ?? limit, limit);
    // Frames are allocated in order, so the pages get the next free frames.
    const { frame } = state.next;
    const free = togetherUntil(machine, { start: frame, end: frame + missing - at - toIndex });
    return Math.min(missing - toIndex, at + free - frame);
  }
  const { frame, uptodate } = page.value;
  const pfns = { start: at + toIndex + frame, end: Math.min(page.end, limit) + frame };
  const taken = within(state.rmp, pfns.start, pfns.end).find(({ value }) => value.assigned);
  if (uptodate || taken?.start === pfns.start) return next;
  const stop = togetherUntil(machine, { ...pfns, end: taken?.start ?? pfns.end });
  return stop - frame - toIndex;
}

const GET = 'find its page or allocate it; it stays in the file even if a later step fails';

export const gmemPopulate = procedure<PopulateLocals>({
  name: 'kvm_gmem_populate',
  source: 'virt/kvm/guest_memfd.c',
  about: 'Allocates private pages, copies their contents, and makes the firmware encrypt and measure them.',
  locals: {
    gfn: 0,
    end: 0,
    type: 'normal',
    source: true,
    file: 0,
    toIndex: 0,
    at: 0,
    stop: 0,
    errno: null,
    failure: null,
  },
  steps: [
    step(
      'PO3',
      'take a reference to the file of the slot, EFAULT if the last one is gone; limit the range to the slot',
      (machine, locals) => {
        const slot = slotAt(machine.vm, locals.gfn);
        if (!slot?.gmem || slot.gmem.file === null || !takeReference(machine, slot.gmem.file)) {
          const failure: Failure = { errno: 'EFAULT', reason: 'launch-without-file' };
          return returns({ pages: 0, failure } satisfies Populated);
        }
        locals.at = locals.gfn;
        locals.end = Math.min(locals.end, slot.baseGfn + slot.pages);
        locals.file = slot.gmem.file;
        locals.toIndex = slot.gmem.pgoff - slot.baseGfn;
        return undefined;
      },
    ),
    choose('gmem-populate', {
      'one-lock': [
        step('PO4', 'take the invalidate lock, for all pages', () => undefined, {
          takes: invalidateLock('write'),
        }),
      ],
      'lock-per-page': [],
    }),
    step(
      'PO6',
      'continue with the next page, and those that behave alike; if none is left, go to PO7',
      (machine, locals) => {
        if (locals.at >= locals.end) return goto('PO7');
        locals.stop = alike(machine, locals);
        return undefined;
      },
    ),
    choose('gmem-populate', {
      'one-lock': [],
      'lock-per-page': [
        step('PO6a', 'pin the page with the contents, then take the invalidate lock', () => undefined, {
          takes: invalidateLock('write'),
        }),
      ],
    }),
    step('PO6b', GET, (machine, locals) => {
      const { file, at, stop, toIndex } = locals;
      const { state, came } = allocatePages(machine.state, file, {
        start: at + toIndex,
        end: stop + toIndex,
      });
      machine.state = state;
      const { name } = fileById(state, file);
      for (const { start, end } of came) machine.emit({ type: 'gmem-allocated', file: name, start, end });
      return undefined;
    }),
    choose('gmem-poison', {
      zapped: [
        step('PO6g', 'EHWPOISON if it is poisoned', (machine, locals) =>
          pageAtHand(machine, locals)?.poisoned === true
            ? fail(locals, 'EHWPOISON', 'page-poisoned')
            : undefined,
        ),
      ],
      signalled: [],
    }),
    choose('gmem-populate', {
      'one-lock': [
        step('PO6c', 'EEXIST if it is uptodate: zeroed or filled before', (machine, locals) =>
          pageAtHand(machine, locals)?.uptodate === true
            ? fail(locals, 'EEXIST', 'page-uptodate')
            : undefined,
        ),
      ],
      'lock-per-page': [],
    }),
    step('PO6e', 'EINVAL if the gfn is not private', (machine, locals) =>
      isPrivate(machine.vm, locals.at) ? undefined : fail(locals, 'EINVAL', 'launch-needs-private'),
    ),
    choose('gmem-populate', {
      'one-lock': [
        step('LC1', 'WARN and EINVAL if a page that is not ZERO has no contents', (machine, locals) => {
          if (locals.source || locals.type === 'zero') return undefined;
          machine.emit({ type: 'warn', text: 'LAUNCH_UPDATE without contents for a page that is not ZERO' });
          return fail(locals, 'EINVAL', 'launch-source');
        }),
      ],
      'lock-per-page': [],
    }),
    step('LC2', 'EEXIST if it is already assigned in the RMP', (machine, locals) =>
      hasAssigned(machine, pfnsAtHand(machine, locals)) ? fail(locals, 'EEXIST', 'rmp-assigned') : undefined,
    ),
    step('LC3', 'unless its type is ZERO, copy the contents through the direct map', (machine, locals) =>
      locals.type === 'zero' ? undefined : hostWrites(machine, pfnsAtHand(machine, locals)),
    ),
    step('LC4', 'rmp_make_private as 4K, immutable: the page belongs to the firmware', (machine, locals) => {
      const to = { gfn: locals.at, asid: asidOf(machine.vmId), immutable: true };
      return call(kernelRmpupdate, { ...pfnsAtHand(machine, locals), level: 1, to }, 'errno');
    }),
    step(
      'LC5',
      'firmware SNP_LAUNCH_UPDATE: encrypts and measures it, sets validated, clears immutable. It fails after the launch: go to LC6',
      (machine, locals) => {
        if (locals.errno !== null) return fail(locals, locals.errno, 'rmp-assigned');
        if (machine.vm.launched) return goto('LC6');
        const pfns = pfnsAtHand(machine, locals);
        machine.set({ rmp: firmwareAccepts(machine.state.rmp, pfns, false) });
        const fill = locals.type === 'zero' ? 'zeroes' : 'given';
        machine.state = fillPages(machine.state, pfns, fill, asidOf(machine.vmId));
        machine.state = markUptodate(machine.state, locals.file, {
          start: locals.at + locals.toIndex,
          end: locals.stop + locals.toIndex,
        });
        locals.at = locals.stop;
        return undefined;
      },
    ),
    choose('gmem-populate', {
      'one-lock': [step('PO6f', 'uptodate; go to PO6', () => goto('PO6'))],
      'lock-per-page': [
        step('PO6f', 'uptodate; drop the invalidate lock; go to PO6', () => goto('PO6'), {
          drops: invalidateLock('write'),
        }),
      ],
    }),
    step('LC6', 'SNP_PAGE_RECLAIM: the firmware returns the page', (machine, locals) => {
      const pfns = pfnsAtHand(machine, locals);
      machine.set({ rmp: firmwareReclaims(machine.state.rmp, pfns) });
      return call(kernelRmpupdate, { ...pfns, level: 1, to: null }, 'errno');
    }),
    step('LC6s', 'the page belongs to the hypervisor again: EIO', (_, locals) =>
      fail(locals, 'EIO', 'launch-done'),
    ),
    choose('gmem-populate', {
      'one-lock': [
        step('PO7e', 'stopped by an error', () => undefined),
        step(
          'PO7',
          'drop the invalidate lock and the reference; return how many pages were done, or the errno if none was',
          result,
          { drops: invalidateLock('write') },
        ),
      ],
      'lock-per-page': [
        step('PO7e', 'stopped by an error: drop the invalidate lock', () => undefined, {
          drops: invalidateLock('write'),
        }),
        step('PO7', 'drop the reference; return how many pages were done, or the errno if none was', result),
      ],
    }),
  ],
});

function result(machine: Machine, { at, gfn, file, failure }: PopulateLocals): Control {
  dropReference(machine, file);
  return returns({ pages: at - gfn, failure: at > gfn ? null : failure } satisfies Populated);
}
