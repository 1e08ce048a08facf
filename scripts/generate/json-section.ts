import { analyze } from '../../src/language';
import { type Outcome, outcomeOf, runScenario, type StatementDifference } from '../../src/outcome';
import { MAX_SPTES } from '../../src/outcome/json/record';
import { code, table } from './markdown';

/** The `gmemscope run --json` section of docs/language.md. */

/** The type requires an entry for each key of an outcome. */
const KEYS: Readonly<Record<'file' | 'line' | 'statement' | keyof Outcome, string>> = {
  file: 'The scenario file, as named on the command line.',
  line: 'The line on which the statement starts, from 1.',
  statement: 'Its keyword.',
  result:
    '`ok`, the name of the errno, `livelock` if the kernel would retry forever (the call is then ended, as by a signal), or `oops` if the kernel itself stops. For a suspended call: `suspended`, `blocked`, `retries` or `deadlock`; and `returned` if `continue` finds no suspended call.',
  exit: 'Only if the vCPU exited to userspace: the reason, as below.',
  left: 'Only for `prefault` and `launch-update`: how many bytes were left undone.',
  faults: 'The nested page faults that were taken, in order, each as `[gpa, error code]`.',
  sptes:
    'The page-table entries that changed, in order, each as `[gfn, level, from, to]`: the first gfn that the entry maps; 1 for 4 KiB, 2 for 2 MiB, 3 for 1 GiB, 4 for the tables above; the old and the new entry, as below.',
  flush: 'Whether a flush of remote TLBs was requested.',
  poisoned: 'Only for `poison`: the pages that were poisoned, each as `[file, page, pages]`.',
  sigbus:
    'Only if the VMM got a SIGBUS, which needs a knob: each as `[slot, gfn]`, the gfn that corresponds to the userspace address in the signal.',
  rmp: 'Only if the RMP changed: each as `[pfn, pages, level, change, asid]`; the change is `private`, `shared` or `psmash`.',
  directMap:
    'Only if mappings of the direct map were split for an RMPUPDATE of 4K: each as `[pfn, pages]`, which is mapped as 4K pages from then on.',
  instruction:
    'Only for instructions on the RMP and for calls of a TDX guest: `name`, `result` (`SUCCESS` or the reason for the failure), and `detail` if there is more information.',
  guest: 'Only if the guest got an exception that the host does not see: `#VC`, `#VE` or `#UD`.',
  unaccepted: 'Only if a TDX guest lost pages that it had accepted: each as `[gfn, pages]`.',
  read: 'Only for a read, and only after the scenario has written a value: four bytes in hex; or `ciphertext`, `given` or `freed` if the value cannot be known.',
  suspended:
    'Only for a suspended call: `step`, the label of the step before which it is suspended; or `lock`, what it waits for, with `because`, the calls that hold it, by name or by line.',
  waited: 'Only if the call had to wait and has resumed automatically: the locks that it waited for.',
  sptesCut: `Only if more than ${MAX_SPTES.toLocaleString('en')} entries changed: how many \`sptes\` leaves out. It lists the first ${MAX_SPTES.toLocaleString('en')}.`,
};

const EXITS: readonly (readonly [exit: string, meaning: string])[] = [
  [
    '{"reason":"memory-fault","private":true,"gpa":"0x…","size":"0x1000"}',
    'KVM_EXIT_MEMORY_FAULT; `private` is the kind of the access.',
  ],
  [
    '{"reason":"mmio","gpa":"0x…","write":true}',
    'KVM_EXIT_MMIO: there is no slot, or the slot is read-only.',
  ],
  [
    '{"reason":"hypercall","private":true,"gpa":"0x…","size":"0x1000"}',
    'KVM_EXIT_HYPERCALL with KVM_HC_MAP_GPA_RANGE: the guest requests a conversion. If there was more than one exit, `times` is their number, and `gpa` and `size` cover all of them.',
  ],
  ['{"reason":"internal-error"}', 'KVM_EXIT_INTERNAL_ERROR.'],
];

const ENTRIES: readonly (readonly [entry: string, meaning: string])[] = [
  ['none', 'Not present.'],
  ['table', 'Points to a table of the level below.'],
  ['mmio', 'An MMIO SPTE: the next access is emulated.'],
  [
    'rwxad',
    'A leaf. The letters mean readable, writable, executable, accessed, dirty; `-` replaces a letter that does not apply.',
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

/** The additional keys of a comparison; the type requires an entry for each kind of difference. */
const DIFFERENCES: Readonly<Record<StatementDifference, string>> = {
  none: 'Both kernels do the same.',
  order: 'The SPTEs end up the same, but change in another order.',
  bits: 'The same SPTEs change, and only bits of their leaves differ.',
  outcome:
    'Anything else: what an expectation can name, an exit, a fault (vCPU, address or error code), what the inline text adds, which SPTEs change, or whether a leaf maps a file, userspace memory or the zero page. Which frame it maps does not count.',
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
    '`gmemscope run --json FILE…` prints one JSON object per line, for each statement that ran except `kernel` and `vm`. Addresses, sizes, gfns and error codes are hexadecimal strings, because many JSON parsers do not preserve 64-bit numbers. More keys may be added; the existing ones keep their meaning.',
    `\`\`\`gmem\n${EXAMPLE}\`\`\``,
    'The last two lines:',
    `\`\`\`json\n${exampleLines()}\n\`\`\``,
    meanings('key', Object.entries(KEYS)),
    meanings('exit', EXITS),
    meanings('entry', ENTRIES),
    '`gmemscope compare --json FILE…` also prints one object for each statement: `file`, `line` and `statement` as above, `kernels` with the names of both, `outcomes` with the outcome on each (the other keys above), and `difference`:',
    meanings('difference', Object.entries(DIFFERENCES)),
  ].join('\n\n');
}
