import type { Call, Errno, Refusal, RefusedEvent } from '../../simulator';

/**
 * Why KVM refuses a call, in a sentence. Which check fails is the simulator's to find out (its event
 * `refused`); here it is only put into words.
 */

type Explain = (call: Call, otherSlot: string) => string;

/** Name of what the call's `size` is. */
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
  'offset-negative': () =>
    'the offset or the size is negative as the signed 64-bit number that the call takes',
  'range-wraps': () => 'the range does not end within 64 bits',
  'binding-outside-file': (call) => `the slot would reach beyond the end of ${fileOf(call)}`,
  'binding-not-huge': (call) =>
    `${fileOf(call)} has 2M folios, so the offset and the slot's size have to be multiples of 2M`,
  'beyond-file': (call) => `the range reaches beyond the end of ${fileOf(call)}`,
  'slot-overlap': (_call, other) => `the range of guest physical memory overlaps that of ${other}`,
  'binding-overlap': (call, other) =>
    `the range of ${fileOf(call)} overlaps the one to which ${other} is bound`,
  'bad-descriptor': (call) =>
    `${fileOf(call)} is no open descriptor: it was closed, or ${CREATES_FILE} failed`,
  'gmem-size': () => "the file's size has to be a multiple of 4K, above 0 and below 2^63",
  'gmem-flags': () => 'this kernel, with this type of VM, does not accept the flags of the file',
  'gmem-needs-private-vm': () => 'this kernel binds slots to a guest_memfd only on a VM with private memory',
  'gmem-slot-immutable': () => 'a slot bound to a guest_memfd can be deleted, and nothing else',
  'slot-changed': () => "an update may change neither the slot's size, nor its binding, nor `readonly`",
  'readonly-with-gmem': () => 'a slot bound to a guest_memfd cannot be `readonly`',
  'slot-id': () => 'the slot id is above those that KVM has for the VM',
  'slot-too-large': () => 'the slot has more than 2^31 - 1 pages',
  'gfn-above-limit': () => 'the slot reaches beyond the guest physical addresses that the host supports',
  'unknown-slot': (call) =>
    call.kind === 'prefault' ? 'no slot is at this guest physical address' : 'there is no slot with this id',
  'attributes-unsupported': () => 'this type of VM has no private memory, so there is nothing to convert',
  'truncate-unsupported': () => 'the size of a guest_memfd cannot be changed',
  'outside-memory': () => "the range is not in the slot's userspace memory",
  'foreign-file': (call) => `${fileOf(call)} was created for another VM, and binds to slots of that one only`,
  'readonly-protected': () => 'a VM with protected state has no `readonly` slots',
  'prefault-before-launch': () => 'memory can be prefaulted only after `launch-finish`',
  'run-before-launch': () => 'a vCPU can run only after `launch-finish`',
  'not-snp': () => 'the VM is not `sev-snp`',
  'no-page-state-change': () => 'only the guests of `sev-snp` and `tdx` VMs ask for conversions',
  'launch-done': () => 'the launch is over: after `launch-finish` the firmware refuses',
  'launch-needs-gmem': () => 'no slot with an open guest_memfd is at this guest physical address',
  'launch-without-file': () => "the slot's file was closed",
  'launch-source': () => 'pages that are not `zero` need contents, in a buffer that is page aligned on 7.3',
  'page-uptodate': () => 'a page of the range was filled or zeroed before',
  'page-poisoned': (call) =>
    call.kind === 'poison' ? 'the page is poisoned already' : 'a page of the range is poisoned',
  'launch-needs-private': () => 'a gfn of the range is shared: convert it to private first',
  'rmp-assigned': () => 'a page of the range is assigned to a guest already',
  'vm-dead': () => 'the VM is dead: its guest accessed a page before it accepted it',
  'shared-bit': () => 'the address has the shared bit, which a prefault goes without',
  'no-page': (call) => `${fileOf(call)} has no page at this offset`,
};

/** One sentence: `EEXIST: the range of guest physical memory overlaps that of slot 0`. */
export function explainRefusal(
  call: Call,
  errno: Errno,
  facts: Pick<RefusedEvent, 'reason' | 'otherSlot'>,
): string {
  const otherSlot = facts.otherSlot === undefined ? 'another slot' : `slot ${facts.otherSlot}`;
  return `${errno}: ${REASONS[facts.reason](call, otherSlot)}`;
}

/** Why a prefault that passed the checks of its arguments stops before its end. */
const PREFAULT_FAILURES: Readonly<Partial<Record<Errno, string>>> = {
  ENOENT: 'no slot is at the next guest physical address',
  EFAULT: 'the next page is private, and no slot has a page of a guest_memfd for it',
  EHWPOISON: 'the next page is poisoned',
  EAGAIN: 'a slot in the range is being deleted or moved',
};

/**
 * Why a call fails that was not refused, but met something on its way; null where that is part of the
 * story, as when a vCPU leaves the guest.
 */
export function explainFailure(call: Call, errno: Errno): string | null {
  if (call.kind !== 'prefault') return null;
  const why = PREFAULT_FAILURES[errno];
  return why === undefined ? null : `${errno}: ${why}`;
}
