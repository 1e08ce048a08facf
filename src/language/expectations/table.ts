import { ERRNOS, firstOf, type Unreadable } from '../../simulator';
/** The expectations that `=>` allows. Completion, hovers, the grammar and the reference are derived from this table. */

export interface ExpectationSpec {
  /** Words that it may start with; empty if it starts with a number. */
  readonly words: readonly string[];
  /** Its syntax: words, alternatives with `|`, placeholders in capitals, optional parts in brackets. */
  readonly forms: readonly string[];
  readonly doc: string;
  readonly example: string;
}

/** Instructions and calls whose result can be expected. PSMASH is a separate expectation. */
export const INSTRUCTIONS = [
  ...['RMPUPDATE', 'RMPREAD', 'PVALIDATE', 'RMPADJUST', 'RMPQUERY'],
  ...['TDG.MEM.PAGE.ACCEPT', 'MapGPA', 'PSC', 'VMMCALL'],
];

/** What a read reports instead of a value. */
export const UNREADABLE = ['ciphertext', 'given', 'freed'] as const satisfies readonly Unreadable[];

export const EXPECTATIONS: readonly ExpectationSpec[] = [
  {
    words: ['ok', 'livelock', 'oops', ...ERRNOS],
    forms: ['ok|ERRNO|livelock|oops'],
    doc: 'How the call ends; with `oops`, the kernel itself stops. Without a result, the call must succeed, or exit as `exit` says.',
    example: 'EINVAL',
  },
  {
    words: ['exit'],
    forms: [
      'exit memory-fault|hypercall private|shared [gpa GPA]',
      'exit mmio read|write [gpa GPA]',
      'exit internal-error|fail-entry',
    ],
    doc: 'The vCPU exits to userspace. Without this, it must not exit.',
    example: 'exit memory-fault private gpa 0x80000000',
  },
  {
    words: ['zapped'],
    forms: ['zapped [slot ID] [mirror|direct] [LEVEL] gfn RANGE, …', 'zapped all roots', 'zapped nothing'],
    doc: 'The leaf SPTEs that are zapped, per slot; without a slot, those that KVM zaps on behalf of no slot. The list must be complete. On `tdx`, `mirror` and `direct` name the root.',
    example: 'zapped slot 0 gfn 0x80000..0x80002, slot 1 gfn 0x90000',
  },
  {
    words: ['mapped', 'rewrote'],
    forms: ['mapped|rewrote [mirror|direct] [LEVEL] gfn RANGE [rwx|r-x]', 'mapped|rewrote nothing'],
    doc: 'The leaf SPTEs that are installed, or (`rewrote`) whose bits change. The list must be complete. On `tdx`, `mirror` and `direct` name the root.',
    example: 'mapped 4K gfn 0x80000 rwx',
  },
  {
    words: ['MMIO'],
    forms: ['MMIO SPTE [mirror|direct] gfn RANGE', 'MMIO SPTE nothing'],
    doc: 'The MMIO SPTEs that are written. On `tdx`, `mirror` and `direct` name the root.',
    example: 'MMIO SPTE gfn 0x90000',
  },
  {
    words: ['STALE', 'skipped'],
    forms: ['STALE [mirror|direct] gfn RANGE', 'STALE nothing', 'skipped slot ID', 'skipped nothing'],
    doc: 'Mappings that should have been zapped, and slots that an invalidation skips; only historical kernels and knobs cause these. On `tdx`, `mirror` and `direct` name the root.',
    example: 'STALE gfn 0x80080',
  },
  {
    words: ['freed', 'allocated'],
    forms: ['freed|allocated FILE pages RANGE, …', 'freed|allocated nothing'],
    doc: 'The pages that are freed from a file, or allocated in it.',
    example: 'freed A pages 0x1ff..0x202',
  },
  {
    words: ['poisoned'],
    forms: ['poisoned FILE pages RANGE, …', 'poisoned nothing'],
    doc: 'The pages that become poisoned.',
    example: 'poisoned A page 0x10',
  },
  {
    words: ['SIGBUS'],
    forms: ['SIGBUS slot ID gfn GFN', 'SIGBUS nothing'],
    doc: 'The VMM gets a SIGBUS with the userspace address of the gfn; only historical kernels send one.',
    example: 'SIGBUS slot 0 gfn 0x80010',
  },
  {
    words: ['private', 'shared', 'converted'],
    forms: ['private|shared gfn RANGE', 'converted nothing'],
    doc: 'The gfns whose attribute is set.',
    example: 'private gfn 0x80000..0x80200',
  },
  {
    words: ['unaccepted'],
    forms: ['unaccepted gfn RANGE', 'unaccepted nothing'],
    doc: 'The gfns at which a TDX guest lost pages that it had accepted.',
    example: 'unaccepted gfn 0x80000',
  },
  {
    words: ['RMP'],
    forms: ['RMP COUNTxLEVEL private|shared|reclaim|firmware|VMSA [ASID N]', 'RMP nothing'],
    doc: 'The RMP entries that change.',
    example: 'RMP 512x4K private ASID 1',
  },
  {
    words: ['PSMASH'],
    forms: ['PSMASH [COUNTx2M]', 'PSMASH RESULT'],
    doc: 'The 2M RMP entries that KVM smashes; with a result, what the instruction returns to the host.',
    example: 'PSMASH',
  },
  {
    words: INSTRUCTIONS,
    forms: ['INSTRUCTION RESULT'],
    doc: 'The result of an instruction on the RMP, or of a call to the TDX module or the VMM.',
    example: 'PVALIDATE FAIL_SIZEMISMATCH',
  },
  {
    words: ['guest'],
    forms: ['guest VC|VE|UD [gfn GFN]', 'guest nothing'],
    doc: 'An exception that the guest gets.',
    example: 'guest VC gfn 0x80010',
  },
  {
    words: ['read'],
    forms: ['read VALUE', 'read ciphertext|given|freed'],
    doc: "What a read returns: four bytes, little-endian; or another key's ciphertext, what the VMM provided at the launch, or a freed page.",
    example: 'read 0x1234',
  },
  {
    words: ['left'],
    forms: ['left BYTES'],
    doc: 'How many bytes a prefault or a launch update left undone.',
    example: 'left 0x4000',
  },
  {
    words: [],
    forms: ['N faults'],
    doc: 'How many nested page faults the call takes.',
    example: '2 faults',
  },
  {
    words: ['flush', 'no'],
    forms: ['flush', 'no flush', 'no exit', 'no retry', 'no WARN'],
    doc: 'The call requests a flush of the TLBs of all vCPUs; `no` says what must not happen.',
    example: 'no flush',
  },
  {
    words: ['WARN'],
    forms: ['WARN'],
    doc: 'The kernel reaches a WARN_ON_ONCE or a BUG.',
    example: 'WARN',
  },
  {
    words: ['suspended', 'blocked', 'retries', 'deadlock', 'returned'],
    forms: ['suspended at STEP', 'blocked on LOCK', 'retries|deadlock|returned'],
    doc: 'How a call is suspended: before a step, blocked on a lock, retrying until another call makes progress, or in a deadlock. `retries` accepts a `livelock` too, which is a retry that no other call can end. With `returned`, there is no call to resume.',
    example: 'suspended at FA7',
  },
  {
    words: ['waited', 'retried'],
    forms: ['waited LOCK', 'waited nothing', 'retried'],
    doc: 'A lock that the call waited for and has acquired; `retried` if a fault started again because of an invalidation, or because another fault changed the entry.',
    example: 'waited mmu_lock',
  },
];

/** The words with which an expectation about what a task sees of its own call can begin. */
export const TASK_WORDS: ReadonlySet<string> = new Set([
  ...['ok', 'livelock', 'oops', ...ERRNOS, 'retries', 'deadlock'],
  ...['exit', 'no', 'retried', 'left', 'read', 'guest', 'PSMASH', ...INSTRUCTIONS],
]);

/** Words inside expectations that precede a number or a name, or follow a count. */
export const EXPECTATION_LABELS: ReadonlySet<string> = new Set([
  ...['slot', 'gfn', 'gpa', 'pages', 'page', 'ASID', 'SPTE', 'faults', 'fault'],
]);

/** Words that an expectation starts with, and words inside expectations. */
export const EXPECTATION_WORDS: ReadonlySet<string> = new Set([
  ...EXPECTATIONS.flatMap(({ words }) => words),
  ...EXPECTATION_LABELS,
  ...['nothing', 'roots', 'all', 'at', 'retry'],
  ...[
    'memory-fault',
    'hypercall',
    'mmio',
    'internal-error',
    'fail-entry',
    'mirror',
    'direct',
    'read',
    'write',
    'rwx',
    'r-x',
  ],
  ...UNREADABLE,
]);

const BY_WORD: ReadonlyMap<string, ExpectationSpec> = new Map(
  EXPECTATIONS.flatMap((spec) => spec.words.map((word) => [word, spec] as const)),
);

/** The expectation that begins with a word. */
export function expectationSpec(word: string): ExpectationSpec | undefined {
  return BY_WORD.get(word);
}

/** The expectation that begins with a number. */
export const COUNTING_EXPECTATION: ExpectationSpec = firstOf(
  EXPECTATIONS.filter(({ words }) => words.length === 0),
);
