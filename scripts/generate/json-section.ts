import { analyze } from '../../src/language';
import { JSON_VERSION, outcomeOfExecuted, runScenario } from '../../src/outcome';
import { code, table } from './markdown';
import {
  compareKeys,
  differences,
  exploreKeys,
  renderKeys,
  runKeys,
  scheduleKeys,
  testCoverageKeys,
  testFileKeys,
  testKeys,
  testScenarioKeys,
  testStatementKeys,
  withoutKeys,
} from './schema/documents';
import { staleReasons, verdicts } from './schema/outcome';

/** The JSON section of docs/language.md, whose tables are derived from the descriptions in the schema. */

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
    'KVM_EXIT_HYPERCALL with KVM_HC_MAP_GPA_RANGE: the guest requests a conversion. If there was more than one exit, `times` is their number, and `gpa` and `size` cover all of them. `requests` lists gpa, size, attributes and number of exits; consecutive equal exits are one entry.',
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

/** The keys without those that were listed before. */
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
    'With `--json`, `run`, `compare`, `test` and `render` print everything that the inline text shows, as data: `run` and `compare` one JSON object per line and statement, `test` and `render` one object. `explore` prints one object per race. Addresses, sizes, gfns and error codes are hexadecimal strings, because many JSON parsers do not preserve 64-bit numbers; numbers of pages are numbers.',
    'Each object has a `version`. It rises when a key is removed or changes its meaning; new keys do not change it, so ignore those that you do not know. [gmemscope.schema.json](gmemscope.schema.json) is a JSON Schema (2020-12) of all documents: `#/$defs/run`, `#/$defs/compare`, `#/$defs/test`, `#/$defs/render`, `#/$defs/schedule`, `#/$defs/explore` and `#/$defs/without`.',
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
    keyTable(testCoverageKeys, 'key of the coverage of a profile'),
    '`gmemscope render --json FILE` prints one object, with `version`, `file`, `scenario`, `line` and `statement` as above, and:',
    keyTable(without(renderKeys, ...PLACE)),
    '`gmemscope render --schedule --json FILE` prints one object:',
    keyTable(scheduleKeys),
    '`gmemscope explore --json FILE…` prints a line for each race:',
    keyTable(exploreKeys),
    'With `--each` or `--without`, it prints a line for each step or lock that is left out:',
    keyTable(withoutKeys),
  ].join('\n\n');
}
