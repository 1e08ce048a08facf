import { ERRNOS, firstOf, type Unreadable } from '../../simulator';
/** The expectations that may stand behind `=>`: completion, hovers, the grammar and the reference are made of this. */

export interface ExpectationSpec {
  /** Words that it may start with; none where it starts with a number. */
  readonly words: readonly string[];
  /** The ways in which it may be written: words, alternatives with `|`, placeholders in capitals, brackets. */
  readonly forms: readonly string[];
  readonly doc: string;
  readonly example: string;
}

/** Those of which a scenario tells what they return. PSMASH is an expectation of its own. */
export const INSTRUCTIONS = [
  ...['RMPUPDATE', 'RMPREAD', 'PVALIDATE', 'RMPADJUST', 'RMPQUERY'],
  ...['TDG.MEM.PAGE.ACCEPT', 'MapGPA', 'PSC', 'VMMCALL'],
];

/** What a read finds that has no value. */
export const UNREADABLE = ['ciphertext', 'given', 'freed'] as const satisfies readonly Unreadable[];

export const EXPECTATIONS: readonly ExpectationSpec[] = [
  {
    words: ['ok', 'livelock', 'oops', ...ERRNOS],
    forms: ['ok|ERRNO|livelock|oops'],
    doc: 'How the call ends; with `oops` the kernel itself does. Without it, the call must succeed, or leave as `exit` says.',
    example: 'EINVAL',
  },
  {
    words: ['exit'],
    forms: [
      'exit memory-fault|hypercall private|shared [gpa GPA]',
      'exit mmio read|write [gpa GPA]',
      'exit internal-error|fail-entry',
    ],
    doc: 'The vCPU leaves for userspace. Without it, it must not.',
    example: 'exit memory-fault private gpa 0x80000000',
  },
  {
    words: ['zapped'],
    forms: ['zapped [slot ID] [mirror|direct] [LEVEL] gfn RANGE, …', 'zapped all roots', 'zapped nothing'],
    doc: "The leaf SPTEs that go, by slot, and without one those that KVM unmaps in no slot's name: these and no others.",
    example: 'zapped slot 0 gfn 0x80000..0x80002, slot 1 gfn 0x90000',
  },
  {
    words: ['mapped', 'rewrote'],
    forms: ['mapped|rewrote [mirror|direct] [LEVEL] gfn RANGE [rwx|r-x]', 'mapped|rewrote nothing'],
    doc: 'The leaf SPTEs that come, or (`rewrote`) get other bits: these and no others. On `tdx`, `mirror` and `direct` name the root.',
    example: 'mapped 4K gfn 0x80000 rwx',
  },
  {
    words: ['MMIO'],
    forms: ['MMIO SPTE gfn RANGE', 'MMIO SPTE nothing'],
    doc: 'The MMIO SPTEs that are written.',
    example: 'MMIO SPTE gfn 0x90000',
  },
  {
    words: ['STALE', 'skipped'],
    forms: ['STALE gfn RANGE', 'STALE nothing', 'skipped slot ID', 'skipped nothing'],
    doc: 'Mappings that should be gone, and slots that are passed by: only historical kernels and knobs leave any.',
    example: 'STALE gfn 0x80080',
  },
  {
    words: ['freed', 'allocated'],
    forms: ['freed|allocated FILE pages RANGE, …', 'freed|allocated nothing'],
    doc: 'The pages that leave a file, or come into it.',
    example: 'freed A pages 0x1ff..0x202',
  },
  {
    words: ['poisoned'],
    forms: ['poisoned FILE pages RANGE, …', 'poisoned nothing'],
    doc: 'The pages in which a memory error is reported from then on.',
    example: 'poisoned A page 0x10',
  },
  {
    words: ['SIGBUS'],
    forms: ['SIGBUS slot ID gfn GFN', 'SIGBUS nothing'],
    doc: 'The VMM gets a SIGBUS, with the userspace address of the gfn: historical kernels sent one.',
    example: 'SIGBUS slot 0 gfn 0x80010',
  },
  {
    words: ['private', 'shared', 'converted'],
    forms: ['private|shared gfn RANGE', 'converted nothing'],
    doc: 'The gfns whose attribute is stored.',
    example: 'private gfn 0x80000..0x80200',
  },
  {
    words: ['unaccepted'],
    forms: ['unaccepted gfn RANGE', 'unaccepted nothing'],
    doc: 'What a TDX guest had accepted, and lost with the page.',
    example: 'unaccepted gfn 0x80000',
  },
  {
    words: ['RMP'],
    forms: ['RMP COUNTxLEVEL private|shared|reclaim|firmware|VMSA [ASID N]', 'RMP nothing'],
    doc: 'The entries of the RMP that change.',
    example: 'RMP 512x4K private ASID 1',
  },
  {
    words: ['PSMASH'],
    forms: ['PSMASH [COUNTx2M]', 'PSMASH RESULT'],
    doc: 'The 2M entries of the RMP that KVM smashes; with a result, what the instruction returns to the host.',
    example: 'PSMASH',
  },
  {
    words: INSTRUCTIONS,
    forms: ['INSTRUCTION RESULT'],
    doc: 'What an instruction on the RMP returns, or a call of the TDX module or of its VMM.',
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
    doc: "What a read finds: four bytes, the lowest first; or another key's ciphertext, what the VMM gave at the launch, or a page that was freed.",
    example: 'read 0x1234',
  },
  {
    words: ['left'],
    forms: ['left BYTES'],
    doc: 'What a prefault or a launch update did not come to.',
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
    doc: 'Whether a flush of the TLBs of all vCPUs is requested; `no` says what must not happen.',
    example: 'no flush',
  },
  {
    words: ['WARN'],
    forms: ['WARN'],
    doc: 'A WARN_ON_ONCE or a BUG of the kernel is reached.',
    example: 'WARN',
  },
  {
    words: ['suspended', 'blocked', 'retries', 'deadlock', 'returned'],
    forms: ['suspended at STEP', 'blocked on LOCK', 'retries|deadlock|returned'],
    doc: 'How a call is suspended: before a step, for a lock, or going round until another call makes progress. With `returned` there is no call to resume.',
    example: 'suspended at FA7',
  },
  {
    words: ['waited', 'retried'],
    forms: ['waited LOCK', 'waited nothing', 'retried'],
    doc: 'What the call had to wait for, and has by now; and that a fault found an invalidation, and started again.',
    example: 'waited mmu_lock',
  },
];

/** Words inside of expectations that lead a number or a name, or follow a count. */
export const EXPECTATION_LABELS: ReadonlySet<string> = new Set([
  ...['slot', 'gfn', 'gpa', 'pages', 'page', 'ASID', 'SPTE', 'faults', 'fault'],
]);

/** Words that an expectation starts with, and those inside of expectations. */
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
