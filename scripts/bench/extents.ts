/** Long scenarios of 4K pages that no others join: each statement adds or removes an extent. */

/** The gpa of a page, by its index. */
function gpa(page: number): string {
  return `0x${(0x40000000 + page * 4096).toString(16)}`;
}

function vmOf(type: string, convert = true): readonly string[] {
  return [
    `vm ${type}`,
    'gmem A size 1G',
    'slot 0 gpa 0x40000000 size 1G gmem A offset 0',
    ...(convert ? ['convert gpa 0x40000000 size 1G private'] : []),
  ];
}

/** The statements that `statementOf` returns for every second page. */
function everySecond(count: number, statementOf: (page: number) => string): readonly string[] {
  return Array.from({ length: count }, (_, at) => statementOf(at * 2));
}

const write = (page: number) => `fault vcpu 0 write gpa ${gpa(page)}`;
const punch = (page: number) => `punch A offset ${page * 4}K size 4K`;
const accept = (page: number) => `accept vcpu 0 gpa ${gpa(page)} size 4K`;
const discard = (page: number) => `discard slot 0 offset ${page * 4}K size 4K`;

/** One slot for every second page of the file, each at another distance from its file page, and then a fault in each. */
function slots(half: number): readonly string[] {
  return [
    'vm sw-protected',
    'gmem A size 1G',
    ...everySecond(
      half,
      (page) => `slot ${page / 2} gpa ${gpa(page * 2)} size 4K gmem A offset ${page * 4}K`,
    ),
    'convert gpa 0x40000000 size 1G private',
    ...everySecond(half, (page) => write(page * 2)),
  ];
}

/** Statements by name; each list has about twice `half` of them. */
const WORKLOADS: Readonly<Record<string, (half: number) => readonly string[]>> = {
  faults: (half) => [...vmOf('sw-protected'), ...everySecond(2 * half, write)],
  'faults, then holes': (half) => [
    ...vmOf('sw-protected'),
    ...everySecond(half, write),
    ...everySecond(half, punch),
  ],
  'accepts, then holes (TDX)': (half) => [
    ...vmOf('tdx'),
    ...everySecond(half, accept),
    ...everySecond(half, punch),
  ],
  'faults, then holes (SEV-SNP)': (half) => [
    ...vmOf('sev-snp'),
    ...everySecond(half, write),
    ...everySecond(half, punch),
  ],
  'faults, then discards': (half) => [
    ...vmOf('sw-protected', false),
    ...everySecond(half, write),
    ...everySecond(half, discard),
  ],
  'a slot for each fault': slots,
};

export interface Workload {
  readonly name: string;
  readonly text: string;
}

/** Scenarios of about this many lines. */
export function workloads(lines: number): readonly Workload[] {
  return Object.entries(WORKLOADS).map(([name, statements]) => ({
    name,
    text: `${statements(Math.floor(lines / 2)).join('\n')}\n`,
  }));
}
