import { analyze } from '../../src/language';
import { type Outcome, outcomeOf, runScenario, type StatementDifference } from '../../src/outcome';
import { MAX_SPTES } from '../../src/outcome/json/record';
import { code, table } from './markdown';

/** What `gmemscope run --json` prints, for docs/language.md. */

/** The compiler asks for each key that an outcome has. */
const KEYS: Readonly<Record<'file' | 'line' | 'statement' | keyof Outcome, string>> = {
  file: 'The scenario, as it was named on the command line.',
  line: 'The line on which the statement starts, from 1.',
  statement: 'Its keyword.',
  result:
    '`ok`, the name of the errno, `livelock` where the kernel would start again for ever (the call is then ended, as a signal would), or `oops` where the kernel itself stops. Of a call that stands still: `stands`, `waits`, `retries` or `deadlock`; and `returned` where `continue` finds none.',
  exit: 'Only where the vCPU left the guest for userspace: why, as below.',
  left: '`prefault` and `launch-update` only: how many bytes were not done.',
  faults: 'The nested page faults that were taken, in order, each as `[gpa, error code]`.',
  sptes:
    'The page-table entries that changed, in order, each as `[gfn, level, from, to]`: the first gfn that the entry maps; 1 for 4 KiB, 2 for 2 MiB, 3 for 1 GiB, 4 for the tables above; what the entry was and what it is, as below.',
  flush: 'Whether a flush of remote TLBs was requested.',
  poisoned: 'Only for `poison`: the pages that were poisoned, each as `[file, page, pages]`.',
  sigbus:
    'Only where the VMM got a SIGBUS, by knobs: each as `[slot, gfn]`, the gfn that has the userspace address it was sent with.',
  rmp: 'Only where the RMP changed: each as `[pfn, pages, level, change, asid]`; the change is `private`, `shared` or `psmash`.',
  directMap:
    'Only where mappings of the direct map were split, for an RMPUPDATE of 4K: each as `[pfn, pages]`, mapped page by page from then on.',
  instruction:
    'Only for instructions on the RMP, and what a TDX guest calls: `name`, `result` (`SUCCESS` or why not), and `detail` where it tells more.',
  guest: 'Only where the guest got an exception that the host does not see: `#VC`, `#VE` or `#UD`.',
  unaccepted: 'Only where a TDX guest lost pages that it had accepted: each as `[gfn, pages]`.',
  read: 'Only for an access that reads, once the scenario has written a value: what it read, four bytes in hex; or `ciphertext`, `given` or `freed` where there is no saying.',
  still:
    'Only of a call that stands still: `step`, the label of the step before which it does; or `lock`, what it waits for, with `because`, what the calls are called that have it: by their names, or by their lines.',
  waited: 'Only where the call had to wait, and has gone on by itself: the locks that it waited for.',
  sptesCut: `Only where more than ${MAX_SPTES.toLocaleString('en')} entries changed: how many \`sptes\` leaves out. It ends after that many.`,
};

const EXITS: readonly (readonly [exit: string, meaning: string])[] = [
  [
    '{"reason":"memory-fault","private":true,"gpa":"0x…","size":"0x1000"}',
    'KVM_EXIT_MEMORY_FAULT; `private` says which kind of access it was.',
  ],
  [
    '{"reason":"mmio","gpa":"0x…","write":true}',
    'KVM_EXIT_MMIO: no slot is there, or one that may not be written.',
  ],
  [
    '{"reason":"hypercall","private":true,"gpa":"0x…","size":"0x1000"}',
    'KVM_EXIT_HYPERCALL with KVM_HC_MAP_GPA_RANGE: the guest asks for a conversion. Where it took more than one exit, `times` says how many; `gpa` and `size` are then of all.',
  ],
  ['{"reason":"internal-error"}', 'KVM_EXIT_INTERNAL_ERROR.'],
];

const ENTRIES: readonly (readonly [entry: string, meaning: string])[] = [
  ['none', 'Not present.'],
  ['table', 'Points to a table of the level below.'],
  ['mmio', 'Marked so that the next access is emulated.'],
  [
    'rwxad',
    'A leaf. Its letters: readable, writable, executable, accessed, dirty; `-` stands for one that it is not.',
  ],
];

const EXAMPLE = `vm sw-protected
gmem A size 64K
slot 0 gpa 1M size 64K gmem A offset 0
convert gpa 1M size 64K private
fault vcpu 0 write gpa 1M
punch A offset 0 size 4K
`;

/** The lines that the last statements of the example print. */
function exampleLines(): string {
  const lines = [...runScenario(analyze(EXAMPLE).programs[0])].map(({ statement, events }) => {
    const { keyword } = statement.statement;
    return JSON.stringify({
      file: 'hole.gmem',
      line: statement.line,
      statement: keyword,
      ...outcomeOf(events),
    });
  });
  return lines.slice(-2).join('\n');
}

/** What a comparison tells besides; the compiler asks for each kind of difference. */
const DIFFERENCES: Readonly<Record<StatementDifference, string>> = {
  none: 'Both do the same.',
  order: 'The same SPTEs become the same, in another order.',
  bits: 'The same SPTEs change, and only bits of their leaves differ.',
  outcome:
    'Anything else: what can be claimed of the statement, an exit, a fault (vCPU, address or error code), what its inline text tells besides, which SPTEs change, or whether a leaf maps a file, userspace memory or the zero page. Which frame it maps does not count.',
};

function meanings(head: string, rows: readonly (readonly [string, string])[]): string {
  return table(
    [head, 'meaning'],
    rows.map(([name, meaning]) => [code(name), meaning]),
  );
}

export function jsonSection(): string {
  return [
    '## JSON',
    '`gmemscope run --json FILE…` prints one JSON object a line, for each statement that ran except `kernel` and `vm`. Addresses, sizes, gfns and error codes are hexadecimal texts, as many readers of JSON do not keep 64 bits of a number. More keys may come; these keep their meaning.',
    `\`\`\`gmem\n${EXAMPLE}\`\`\``,
    'The last two lines:',
    `\`\`\`json\n${exampleLines()}\n\`\`\``,
    meanings('key', Object.entries(KEYS)),
    meanings('exit', EXITS),
    meanings('entry', ENTRIES),
    '`gmemscope compare --json FILE…` prints such a line for each statement as well: `file`, `line` and `statement` as above, `kernels` with the names of both, `outcomes` with what it did on each (the other keys above), and `difference`:',
    meanings('difference', Object.entries(DIFFERENCES)),
  ].join('\n\n');
}
