/** SEV-SNP and TDX. */
import type { KnobSpec } from './knob';

export const CONFIDENTIAL_KNOBS = [
  {
    name: 'gmem-prepare',
    doc: 'When get_pfn makes a page private in the RMP.',
    variants: [
      { name: 'once', doc: 'With the zeroing: uptodate means prepared. A 2M folio gets one entry.' },
      {
        name: 'once-zeroed',
        doc: 'As `once`, but uptodate is set with the zeroing: a page that could not be prepared passes for one that is.',
      },
      { name: 'each-time', doc: 'On every call, where the RMP does not have it so, and always as 4K.' },
    ],
  },
  {
    name: 'gmem-populate',
    doc: 'How LAUNCH_UPDATE fills pages.',
    variants: [
      {
        name: 'one-lock',
        doc: 'Under one hold of the invalidate lock, the contents copied in between; EEXIST for a page that is uptodate.',
      },
      {
        name: 'lock-per-page',
        doc: 'With the source page pinned first, which has to be there and aligned; EINVAL for size 0.',
      },
    ],
  },
  {
    name: 'direct-map',
    doc: 'What an RMPUPDATE of 4K does to the direct map, by which the kernel itself writes to memory.',
    variants: [
      {
        name: 'split',
        doc: 'The 2 MiB around it are mapped as 4K, for good: the other pages stay writable.',
      },
      {
        name: 'keep',
        doc: 'Nothing: one page of a guest forbids the host the 2 MiB. No kernel does that; it shows what the split is for.',
      },
    ],
  },
  {
    name: 'rmp-conversion',
    doc: 'Which call makes the pages of a guest_memfd private in the RMP.',
    variants: [
      { name: 'at-fault', doc: 'The fault that needs the page, before mmu_lock: RMPUPDATE may sleep.' },
      {
        name: 'at-fallocate',
        doc: 'The allocation too, for pages that a slot is bound to (6.10 release candidates).',
      },
    ],
  },
  {
    name: 'rmp-reset',
    doc: "When the pages of a guest_memfd become the hypervisor's again in the RMP.",
    variants: [
      { name: 'at-free', doc: 'When they leave the page cache, whoever maps them.' },
      {
        name: 'at-unmap',
        doc: 'When a hole or the last close zaps them in a slot, in the same hold of mmu_lock: pages that no slot is bound to stay assigned (an idea of May 2023).',
      },
    ],
  },
  {
    name: 'rmp-fault-when',
    doc: 'When an access that the RMP forbade has KVM look at the entry, to smash it where the guest needs 4K.',
    variants: [
      { name: 'reentering', doc: 'When the guest is to be entered again.' },
      {
        name: 'failing-too',
        doc: 'Also when KVM_RUN is about to fail, for userspace to convert the page: a return code was misread (2024, before SEV-SNP was released).',
      },
    ],
  },
  {
    name: 'readonly-protected',
    doc: 'A read-only slot of a VM whose state KVM cannot see: SEV-SNP and TDX.',
    variants: [
      { name: 'refused', doc: 'EINVAL.' },
      {
        name: 'created',
        doc: 'Is created; a write to it can be neither mapped nor emulated, and no MMIO SPTE tells the guest (before 2024).',
      },
    ],
  },
  {
    name: 'reclaim-lookup',
    doc: 'What the host does about a freed page that it does not find in the RMP, since it has none.',
    variants: [
      { name: 'quiet', doc: 'Nothing.' },
      {
        name: 'warns',
        doc: 'WARN_ONCE: on a host without SEV-SNP, for every VM with a guest_memfd (2024, before SEV-SNP was released).',
      },
    ],
  },
  {
    name: 'private-fault',
    doc: 'Who decides that a fault is private.',
    variants: [
      {
        name: 'by-type',
        doc: 'The type of the VM: C-bit in the error code, shared bit of the address, or attribute.',
      },
      {
        name: 'mask',
        doc: 'A mask on the error code; never where no slot, or none with a file, is (mid 2023).',
      },
      { name: 'inverted-mask', doc: 'The same mask, but set means shared: what works for a shared bit.' },
    ],
  },
  {
    name: 'error-code',
    doc: 'How much of the error code kvm_mmu_page_fault() hands on to the fault handler; the trace has all of it.',
    variants: [
      { name: 'bits-64', doc: 'All 64 bits.' },
      { name: 'bits-32', doc: 'The low 32: the bits that say private are lost (before 2024).' },
    ],
  },
] as const satisfies readonly KnobSpec[];
