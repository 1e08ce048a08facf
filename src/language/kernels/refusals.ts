import type { Call, Errno, Refusal, RefusedEvent } from '../../simulator';

/**
 * Explains in a sentence why KVM refuses a call. The simulator decides which check fails (its event
 * `refused`); this file only has the wording.
 */

type Explain = (call: Call, otherSlot: string) => string;

/** What the call's `size` refers to. */
function sizeOf(call: Call): string {
  switch (call.kind) {
    case 'gmem':
    case 'truncate':
      return "the file's size";
    case 'slot':
    case 'delete':
    case 'move':
      return "the slot's size";
    case 'punch':
      return "the hole's size";
    default:
      return "the range's size";
  }
}

function fileOf(call: Call): string {
  if (call.kind === 'slot') return call.gmem === null ? 'the file' : `\`${call.gmem.name}\``;
  return 'name' in call ? `\`${call.name}\`` : 'the file';
}

const CREATES_FILE = 'KVM_CREATE_GUEST_MEMFD';

const REASONS: Readonly<Record<Refusal, Explain>> = {
  'size-unaligned': (call) => `${sizeOf(call)} is not a multiple of 4K`,
  'size-zero': (call) => `${sizeOf(call)} is 0`,
  'gpa-unaligned': () => 'the guest physical address is not a multiple of 4K',
  'offset-unaligned': () => 'the offset is not a multiple of 4K',
  'offset-negative': () => 'the offset or the size is negative as a signed 64-bit number',
  'range-wraps': () => 'the end of the range overflows 64 bits',
  'binding-outside-file': (call) => `the binding extends past the end of ${fileOf(call)}`,
  'binding-not-huge': (call) =>
    `${fileOf(call)} has 2M folios, so the offset and the slot's size must be multiples of 2M`,
  'beyond-file': (call) => `the range extends past the end of ${fileOf(call)}`,
  'slot-overlap': (_call, other) => `the guest physical range overlaps that of ${other}`,
  'binding-overlap': (call, other) => `the range of ${fileOf(call)} overlaps the binding of ${other}`,
  'bad-descriptor': (call) =>
    `${fileOf(call)} is not an open descriptor: it was closed, or ${CREATES_FILE} failed`,
  'gmem-size': () => "the file's size must be a multiple of 4K, greater than 0 and less than 2^63",
  'gmem-flags': () => 'this kernel does not accept these file flags for this VM type',
  'gmem-needs-private-vm': () => 'this kernel binds slots to a guest_memfd only on a VM with private memory',
  'gmem-slot-immutable': () => 'a slot bound to a guest_memfd can only be deleted, not changed or moved',
  'gmem-after-creation': () => 'a slot can be bound to a guest_memfd only when it is created',
  'slot-changed': () => "an update cannot change a slot's size, binding or `readonly`",
  'readonly-with-gmem': () => 'a slot bound to a guest_memfd cannot be `readonly`',
  'slot-id': () => 'the slot id exceeds the largest one of this VM',
  'slot-too-large': () => 'the slot has more than 2^31 - 1 pages',
  'gfn-above-limit': () => 'the slot extends past the guest physical addresses that the host supports',
  'unknown-slot': ({ kind }) => {
    if (kind === 'prefault') return 'there is no slot at this guest physical address';
    return `${kind === 'slot' ? 'size 0 deletes a slot, and ' : ''}there is no slot with this id`;
  },
  'attributes-unsupported': () => 'this VM type has no private memory, so there is nothing to convert',
  'truncate-unsupported': () => 'the size of a guest_memfd cannot be changed',
  'outside-memory': () => "the range is outside the slot's userspace memory",
  'foreign-file': (call) =>
    `${fileOf(call)} was created for another VM, and can be bound only to slots of that VM`,
  'readonly-protected': () => 'a VM with protected state cannot have `readonly` slots',
  'prefault-before-launch': () => 'memory can be prefaulted only after `launch-finish`',
  'not-snp': () => 'the VM is not `sev-snp`',
  'launch-done': () => 'the launch is finished: the firmware refuses this after `launch-finish`',
  'registers-encrypted': () => 'the launch is finished: the registers of the vCPUs are encrypted already',
  'launch-needs-gmem': () => 'there is no slot with an open guest_memfd at this guest physical address',
  'launch-without-file': () => "the slot's file was closed",
  'launch-source': () => 'pages other than `zero` need a source buffer, page-aligned on 7.3',
  'page-uptodate': () => 'a page of the range was already filled or zeroed',
  'page-poisoned': (call) =>
    call.kind === 'poison' ? 'the page is already poisoned' : 'a page of the range is poisoned',
  'launch-needs-private': () => 'a gfn of the range is shared: convert it to private first',
  'rmp-assigned': () => 'a page of the range is already assigned to a guest',
  'vm-dead': () => 'the VM is dead since an earlier statement',
  'shared-bit': () => 'the address has the shared bit set, which a prefault does not allow',
  'no-page': (call) => `${fileOf(call)} has no page at this offset`,
};

/** Every reason for a refusal. */
export const REFUSALS = Object.keys(REASONS) as readonly Refusal[];

/** One sentence: `EEXIST: the guest physical range overlaps that of slot 0`. */
export function explainRefusal(
  call: Call,
  errno: Errno,
  facts: Pick<RefusedEvent, 'reason' | 'otherSlot'>,
): string {
  const otherSlot = facts.otherSlot === undefined ? 'another slot' : `slot ${facts.otherSlot}`;
  return `${errno}: ${REASONS[facts.reason](call, otherSlot)}`;
}

/** Why a prefault with valid arguments fails within its range. */
const PREFAULT_FAILURES: Readonly<Partial<Record<Errno, string>>> = {
  ENOENT: 'there is no slot at the next guest physical address',
  EFAULT: 'the next page is private, and no slot has a guest_memfd page for it',
  EHWPOISON: 'the next page is poisoned',
  EAGAIN: 'a slot in the range is being deleted or moved',
};

/**
 * Why a call fails that was not refused at once; null if its events already say so, for instance when a
 * vCPU exits to userspace.
 */
export function explainFailure(call: Call, errno: Errno): string | null {
  if (call.kind !== 'prefault') return null;
  const why = PREFAULT_FAILURES[errno];
  return why === undefined ? null : `${errno}: ${why}`;
}
