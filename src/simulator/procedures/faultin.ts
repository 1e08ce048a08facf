/** Finds the page behind a faulting gfn, before mmu_lock is taken. */
import type { Errno } from '../errno';
import type { Machine } from '../machine';
import { isWritable, pageAt } from '../model/host-memory';
import { NO_SNAPSHOT, type SeqSnapshot, staleReason, takeSnapshot } from '../model/invalidation';
import { cacheMmio } from '../model/mmio';
import { isPrivate, memoryOf } from '../model/state-parts';
import { type Control, call, choose, goto, procedure, returns, type Step, step } from '../procedure';
import { lookup } from '../rmp/host-instructions';
import type { Slot } from '../state';
import { type GmemPage, gmemGetPfn } from './gmem-pages';
import { handleMmFault } from './host-memory';
import { type FoundPage, faultOf, NO_FAULT, type PageFault, prepareMemoryFaultExit } from './page-fault';

/** What was found: a page, no memslot, or the result of a fault that ends here. */
export type Faultin = FoundPage | 'noslot' | 'RETRY' | 'EMULATE' | Errno;

export interface FaultinResult {
  readonly found: Faultin;
  /** mmu_invalidate_seq before anything was looked up. */
  readonly seq: SeqSnapshot;
}

interface FaultinLocals extends PageFault {
  seq: SeqSnapshot;
  gmemPage: GmemPage | Errno | null;
}

/** @throws Error if the gfn has no slot, which FA3 has excluded. */
function slotOf({ memslot }: FaultinLocals): Slot {
  if (memslot === null) throw new Error('the fault has no slot');
  return memslot;
}

function done(found: Faultin, { seq }: FaultinLocals): Control {
  return returns({ found, seq } satisfies FaultinResult);
}

function failed(machine: Machine, locals: FaultinLocals, errno: Errno): Control {
  prepareMemoryFaultExit(machine, faultOf(locals));
  return done(errno, locals);
}

/** Ends the fault with RETRY if an invalidation interfered. */
function retryIfStale(machine: Machine, locals: FaultinLocals): Control | undefined {
  const why = staleReason(machine.vm.mmu, locals.seq, locals.gfn);
  if (why === null) return undefined;
  machine.emit({ type: 'retry', vcpu: locals.vcpu, gfn: locals.gfn, why });
  return done('RETRY', locals);
}

/** Looks up the page in userspace memory, without faulting it in. */
function hostPage(machine: Machine, locals: FaultinLocals): FoundPage | null {
  const { gfn } = locals;
  const slot = slotOf(locals);
  const memory = memoryOf(machine.vm, slot.id);
  const page = memory === undefined ? undefined : pageAt(memory, gfn - slot.baseGfn);
  if (memory === undefined || page === undefined) return null;
  return {
    frame: page.kind === 'zero' ? 'zero' : page.frame - slot.baseGfn,
    backing: 'host',
    writable: isWritable(memory, gfn - slot.baseGfn) && !slot.readonly,
    maxLevel: 2,
  };
}

const dirtyRead =
  'get the page, for writing if the access is a write; a read gets it writable if it already is';

/** Level of a page of a 2M folio: the level of its RMP entry on SNP; 4K on TDX. */
function folioLevel({ state, vm }: Machine, gfn: number, { frame }: GmemPage): 1 | 2 {
  switch (vm.type) {
    case 'sev-snp':
      return lookup(state.rmp, gfn + frame).level;
    case 'tdx':
      return 1;
    default:
      return 2;
  }
}

/** Returns the page of the file; `isHuge` says whether a page of a 2M folio can be mapped as 2M. */
function pageStep(text: string, isHuge: (page: GmemPage) => boolean): Step<FaultinLocals> {
  return step('FA9r', text, (machine, locals) => {
    const { gmemPage, gfn } = locals;
    if (gmemPage === null || typeof gmemPage === 'string') return done('EFAULT', locals);
    const maxLevel = gmemPage.huge && isHuge(gmemPage) ? folioLevel(machine, gfn, gmemPage) : 1;
    const writable = !slotOf(locals).readonly;
    return done({ frame: gmemPage.frame, backing: 'gmem', writable, maxLevel }, locals);
  });
}

const congruent = pageStep(
  'return the page, writable unless the slot is read-only; 2 MiB if the folio and its RMP entry are and gfn and pfn are congruent modulo 2 MiB, except on TDX',
  ({ frame }) => frame % 512 === 0,
);

export const faultinPfn = procedure<FaultinLocals>({
  name: 'kvm_mmu_faultin_pfn',
  source: 'arch/x86/kvm/mmu/mmu.c',
  about:
    'Decides where the page of a fault comes from, and gets it. It holds no lock that an invalidation needs (on 6.12: kvm_faultin_pfn).',
  locals: { ...NO_FAULT, seq: NO_SNAPSHOT, gmemPage: null },
  steps: [
    step('FA1', 'remember mmu_invalidate_seq', (machine, locals) => {
      locals.seq = takeSnapshot(machine.vm);
      return undefined;
    }),
    step(
      'FA2',
      'EFAULT with a memory-fault exit if the access is private and the attribute is shared, or the reverse',
      (machine, locals) =>
        locals.private === isPrivate(machine.vm, locals.gfn) ? undefined : failed(machine, locals, 'EFAULT'),
    ),
    step(
      'FA3',
      'no slot: EFAULT if private; otherwise the vCPU caches the gfn as MMIO, unless an update of the memslots is in progress',
      (machine, locals) => {
        const { gfn, vcpu } = locals;
        if (locals.memslot !== null) return undefined;
        if (locals.private) return failed(machine, locals, 'EFAULT');
        machine.vm = cacheMmio(machine.vm, vcpu, gfn);
        return done(gfn >= machine.kernel.gfnLimit ? 'EMULATE' : 'noslot', locals);
      },
    ),
    choose('prefault-deleted-slot', {
      retry: [
        step('FA4', 'retry while the slot is being deleted or moved', (_, locals) =>
          slotOf(locals).invalid ? done('RETRY', locals) : undefined,
        ),
      ],
      eagain: [
        step(
          'FA4',
          'while the slot is being deleted or moved: EAGAIN for a prefault, else retry',
          (_, locals) => {
            if (!slotOf(locals).invalid) return undefined;
            return done(locals.prefetch ? 'EAGAIN' : 'RETRY', locals);
          },
        ),
      ],
    }),
    choose('retry-check', {
      on: [
        step(
          'FA6',
          'retry if an invalidation of the gfn is in progress, or any has ended since FA1',
          retryIfStale,
        ),
      ],
      off: [],
    }),
    step(
      'FA7',
      'if private, or if the slot is guest_memfd-only, go to FA7g; otherwise use userspace memory',
      (_, locals) => (locals.private || slotOf(locals).gmemOnly ? goto('FA7g') : undefined),
    ),

    step('FA7h', dirtyRead, (_, locals) => {
      const slot = slotOf(locals);
      if (locals.write && slot.readonly) return done('EMULATE', locals);
      const page = locals.gfn - slot.baseGfn;
      return call(handleMmFault, {
        memory: slot.id,
        page,
        end: page + locals.end - locals.gfn,
        write: locals.write,
      });
    }),
    choose('retry-check', {
      on: [
        step(
          'FA9h',
          'retry if an invalidation of the gfn is in progress, or any has ended since FA1',
          retryIfStale,
        ),
      ],
      off: [],
    }),
    step(
      'FA9p',
      'return the page, writable if the host maps it writable and the slot is not read-only',
      (machine, locals) => {
        // The VMM has unmapped it: KVM_PFN_ERR_FAULT.
        if (memoryOf(machine.vm, slotOf(locals).id) === undefined) return done('EFAULT', locals);
        const page = hostPage(machine, locals);
        return done(page ?? 'RETRY', locals);
      },
    ),

    step(
      'FA7g',
      'EFAULT with a memory-fault exit if the slot has no guest_memfd; else get the page from it',
      (machine, locals) => {
        const { memslot, gfn, end } = locals;
        if (slotOf(locals).gmem === null) return failed(machine, locals, 'EFAULT');
        return call(gmemGetPfn, { memslot, gfn, end }, 'gmemPage');
      },
    ),
    step('FA8g', 'if that failed, return the errno with a memory-fault exit', (machine, locals) =>
      typeof locals.gmemPage === 'string' ? failed(machine, locals, locals.gmemPage) : undefined,
    ),
    choose('retry-check', {
      on: [
        step(
          'FA9g',
          'retry if an invalidation of the gfn is in progress, or any has ended since FA1',
          retryIfStale,
        ),
      ],
      off: [],
    }),
    choose('huge-binding', {
      'mapped-4k': [congruent],
      refused: [congruent],
      'mapped-2m': [
        pageStep(
          'return the page, writable unless the slot is read-only; 2 MiB if the folio and its RMP entry are, except on TDX',
          () => true,
        ),
      ],
    }),
  ],
});
