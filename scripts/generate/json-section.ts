import { analyze } from '../../src/language';
import { JSON_VERSION, outcomeOfExecuted, runScenario } from '../../src/outcome';
import { code, table } from './markdown';
import {
  compareKeys,
  differences,
  renderKeys,
  runKeys,
  testFileKeys,
  testKeys,
  testScenarioKeys,
  testStatementKeys,
} from './schema/documents';
import { staleReasons, verdicts } from './schema/outcome';

/** The `gmemscope run --json` section of docs/language.md. */

/** The type requires an entry for each key of an outcome. */
const KEYS: Readonly<Record<'file' | 'line' | 'statement' | keyof Outcome, string>> = {
  file: 'The scenario file, as named on the command line.',
  line: 'The line on which the statement starts, from 1.',
  statement: 'Its keyword.',
  result:
    '`ok`, the name of the errno, `livelock` if the kernel would retry forever (the call is then ended, as by a signal), or `oops` if the kernel itself stops. For a suspended call: `stands`, `waits`, `retries` or `deadlock`; and `returned` if `continue` finds no suspended call.',
  exit: 'Only if the vCPU exited to userspace: the reason, as below.',
  left: 'Only for `prefault` and `launch-update`: how many bytes were left undone.',
  faults: 'The nested page faults that were taken, in order, each as `[gpa, error code]`.',
  sptes:
    'The page-table entries that changed, in order, each as `[gfn, level, from, to]`: the first gfn that the entry maps; 1 for 4 KiB, 2 for 2 MiB, 3 for 1 GiB, 4 for the tables above; the old and the new entry, as below. On `tdx`, a fifth item is the kind of root: `mirror` or `direct`.',
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
    '{"reason":"hypercall","private":true,"gpa":"0x…","size":"0x1000","requests":[["0x…","0x1000","0x10",1]]}',
    'KVM_EXIT_HYPERCALL with KVM_HC_MAP_GPA_RANGE: the guest requests a conversion. If there was more than one exit, `times` is their number, and `gpa` and `size` cover all of them. `requests` lists gpa, size, attributes and number of exits; exits that are alike and follow each other are one entry.',
  ],
  [
    '{"reason":"internal-error"}',
    'KVM_EXIT_INTERNAL_ERROR, suberror 1: KVM cannot emulate the instruction, because it cannot fetch it.',
  ],
  [
    '{"reason":"fail-entry"}',
    'KVM_EXIT_FAIL_ENTRY: the CPU cannot enter the guest. `result` is `ok`: KVM_RUN returns 0.',
  ],
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
  const lines = [...runScenario(analyze(EXAMPLE).programs[0])].map((executed) => {
    const { line, statement } = executed.statement;
    return JSON.stringify({
      version: JSON_VERSION,
      file: 'hole.gmem',
      line,
      statement: statement.keyword,
      ...outcomeOfExecuted(executed),
    });
  });
  return lines.slice(-2).join('\n');
}

type Keys = Readonly<Record<string, { readonly description: string }>>;

function keyTable(keys: object, head = 'key'): string {
  const rows = Object.entries(keys as Keys).map(([key, { description }]) => [key, description] as const);
  return meanings(head, rows);
}

/** The keys that are not those of a statement's place. */
function without<K extends string>(keys: object, ...left: readonly K[]): object {
  return Object.fromEntries(Object.entries(keys).filter(([key]) => !left.includes(key as K)));
}

function meanings(head: string, rows: readonly (readonly [string, string])[]): string {
  return table(
    [head, 'meaning'],
    rows.map(([name, meaning]) => [code(name), meaning]),
  );
}

const PLACE = ['version', 'file', 'scenario', 'line', 'statement'] as const;

export function jsonSection(): string {
  return [
    '## JSON',
    'With `--json`, `run`, `compare`, `test` and `render` print everything that the inline text says, as data: `run` and `compare` one JSON object per line and statement, `test` and `render` one object. Addresses, sizes, gfns and error codes are hexadecimal strings, because many JSON parsers do not preserve 64-bit numbers; numbers of pages are numbers.',
    'Each object has a `version`. It rises when a key is removed or changes its meaning; new keys do not change it, so ignore those that you do not know. [gmemscope.schema.json](gmemscope.schema.json) is a JSON Schema (2020-12) of all documents: `#/$defs/run`, `#/$defs/compare`, `#/$defs/test` and `#/$defs/render`.',
    `\`\`\`gmem\n${EXAMPLE}\`\`\``,
    'The last two lines of `gmemscope run --json`:',
    `\`\`\`json\n${exampleLines()}\n\`\`\``,
    'There is a line for each statement that ran, except `kernel` and the first `vm`:',
    keyTable(runKeys),
    meanings('verdict', Object.entries(verdicts)),
    meanings('why it is stale', Object.entries(staleReasons)),
    meanings('exit', EXITS),
    meanings('entry', ENTRIES),
    '`gmemscope compare --json FILE…` prints a line for each statement, with `version`, `file`, `scenario`, `line` and `statement` as above, and:',
    keyTable(without(compareKeys, ...PLACE)),
    meanings('difference', Object.entries(differences)),
    '`gmemscope test --json FILE…` prints one object:',
    keyTable(testKeys),
    keyTable(testFileKeys, 'key of a file'),
    keyTable(testScenarioKeys, 'key of a scenario'),
    keyTable(testStatementKeys, 'key of a statement'),
    '`gmemscope render --json FILE` prints one object, with `version`, `file`, `scenario`, `line` and `statement` as above, and:',
    keyTable(without(renderKeys, ...PLACE)),
  ].join('\n\n');
}
