/** SEV-SNP and TDX. */
import type { KnobSpec } from './knob';

export const CONFIDENTIAL_KNOBS = [
  {
    name: 'gmem-prepare',
    doc: 'When get_pfn makes a page private in the RMP.',
    variants: [
      {
        name: 'once',
        doc: 'Together with zeroing: uptodate implies prepared. A 2M folio gets one 2M entry.',
      },
      {
        name: 'once-zeroed',
        doc: 'As `once`, but zeroing already sets uptodate: a page whose preparation failed counts as prepared.',
      },
      { name: 'each-time', doc: 'On every call, if the RMP entry is not private yet, and always as 4K.' },
    ],
  },
  {
    name: 'gmem-populate',
    doc: 'How LAUNCH_UPDATE fills pages.',
    variants: [
      {
        name: 'one-lock',
        doc: 'Holds the invalidate lock for the whole range, including the copy; EEXIST for a page that is uptodate.',
      },
      {
        name: 'lock-per-page',
        doc: 'Takes the lock for each page and pins the source page first, which must be mapped and aligned; EINVAL for size 0.',
      },
    ],
  },
  {
    name: 'direct-map',
    doc: 'What a 4K RMPUPDATE does to the direct map, through which the kernel itself writes to memory.',
    variants: [
      {
        name: 'split',
        doc: 'Splits the surrounding 2 MiB to 4K permanently: the other pages stay writable.',
      },
      {
        name: 'keep',
        doc: 'Nothing: a single guest page makes all 2 MiB unwritable for the host. No kernel does this; it shows why the split is needed.',
      },
    ],
  },
  {
    name: 'rmp-conversion',
    doc: 'Which call makes the pages of a guest_memfd private in the RMP.',
    variants: [
      {
        name: 'at-fault',
        doc: 'The fault that needs the page, before it takes mmu_lock: RMPUPDATE may sleep.',
      },
      {
        name: 'at-fallocate',
        doc: 'Also fallocate, for pages that are bound to a slot (6.10 release candidates).',
      },
    ],
  },
  {
    name: 'rmp-reset',
    doc: 'When guest_memfd pages are returned to the hypervisor in the RMP.',
    variants: [
      { name: 'at-free', doc: 'When they leave the page cache, even if they are still mapped.' },
      {
        name: 'at-unmap',
        doc: 'When a hole or the last close zaps them in a slot, under the same mmu_lock: pages that are not bound to a slot stay assigned (an idea of May 2023).',
      },
    ],
  },
  {
    name: 'rmp-fault-when',
    doc: 'When KVM checks the entry after an RMP violation, to smash it if the guest needs 4K.',
    variants: [
      { name: 'reentering', doc: 'When KVM is about to re-enter the guest.' },
      {
        name: 'failing-too',
        doc: 'Also when KVM_RUN is about to exit so that userspace can convert the page: KVM misread a return code (2024, before SEV-SNP was released).',
      },
    ],
  },
  {
    name: 'readonly-protected',
    doc: 'Whether a VM with protected state (SEV-SNP, TDX) can have a read-only slot.',
    variants: [
      { name: 'refused', doc: 'No: EINVAL.' },
      {
        name: 'created',
        doc: 'Yes; KVM can neither map nor emulate a write to it, and no MMIO SPTE reports it to the guest (before 2024).',
      },
    ],
  },
  {
    name: 'reclaim-lookup',
    doc: 'What happens when a page is freed on a host that has no RMP to look it up in.',
    variants: [
      { name: 'quiet', doc: 'Nothing.' },
      {
        name: 'warns',
        doc: 'WARN_ONCE, for every VM with a guest_memfd on a host without SEV-SNP (2024, before SEV-SNP was released).',
      },
    ],
  },
  {
    name: 'private-fault',
    doc: 'How KVM decides that a fault is private.',
    variants: [
      {
        name: 'by-type',
        doc: 'By VM type: C-bit in the error code, shared bit of the address, or attribute.',
      },
      {
        name: 'mask',
        doc: 'By a mask on the error code; a gfn without a slot, or whose slot has no file, is never private (mid 2023).',
      },
      { name: 'inverted-mask', doc: 'By the same mask, but set means shared, as a shared bit works.' },
    ],
  },
  {
    name: 'error-code',
    doc: 'How much of the error code kvm_mmu_page_fault() passes to the fault handler; the trace shows all of it.',
    variants: [
      { name: 'bits-64', doc: 'All 64 bits.' },
      { name: 'bits-32', doc: 'The low 32: the bits that mark a private access are lost (before 2024).' },
    ],
  },
] as const satisfies readonly KnobSpec[];
