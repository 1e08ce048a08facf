/** docs/evidence.md: the evidence for each outcome of each statement. */
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import fc from 'fast-check';
import { KERNELS as REAL_KERNELS } from '../../kernel/catalogue';
import { analyze, type Program } from '../../src/language';
import { type Executed, outcomeOf, type Recording, runScenario } from '../../src/outcome';
import { PROCEDURES, type TracedEvent } from '../../src/simulator';
import { scenarios } from '../../test/generators/scenarios';
import { snpScenarios } from '../../test/generators/snp';
import { wildScenarios } from '../../test/generators/wild';
import { readLines, recordingOf } from '../conformance-jobs';
import { code, table } from './markdown';

const INTRODUCTION = `# Evidence for each outcome

For each statement, type of VM and outcome, this page shows the evidence for the simulator's behaviour on each kernel:

- A number: this many [recordings](../test/conformance/README.md) of a real kernel have this outcome, and the simulator
  agrees with all of them.
- A kernel function: no recording has this outcome. The behaviour was read in the kernel's source of this function;
  [procedures](procedures.md) lists the files.
- \`–\`: this outcome has not occurred on the simulator of that kernel.

The rows are the outcomes that occur in the recordings, in the examples and in some thousand generated scenarios on the
simulator. QEMU's software emulation of AMD SVM runs \`default\` and \`sw-protected\` VMs; it has no SEV-SNP, and AMD
processors have no TDX.

This page is generated from \`test/conformance/\` by \`npm run generate\`.`;

const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '../..');
const CORPUS = path.join(root, 'test/conformance');
const EXAMPLES = path.join(root, 'examples');
const KERNELS = REAL_KERNELS.map(({ name }) => name);
const VM_TYPES = ['default', 'sw-protected', 'sev-snp', 'tdx'];
const SEED = { seed: 1, numRuns: 500 };

interface Evidence {
  readonly statement: string;
  readonly vm: string;
  readonly outcome: string;
  /** Per kernel: the number of recordings, and the kernel functions that decide the outcome on the simulator. */
  readonly recorded: Map<string, number>;
  readonly functions: Map<string, Set<string>>;
}

function filesBelow(folder: string, extension: string): readonly string[] {
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith(extension))
    .sort()
    .map((name) => path.join(folder, name));
}

function readRecordings(): readonly Recording[] {
  return filesBelow(CORPUS, '.jsonl').flatMap(readLines).map(recordingOf);
}

/** Each kind of access counts as a statement: a fetch takes another path through KVM than a read. */
function statementOf({ statement: { call } }: Executed): string {
  return call.kind === 'fault' || call.kind === 'host' ? `${call.kind} … ${call.access}` : call.kind;
}

/** Why a statement cannot be made at all: it names something that does not exist, so no kernel answers it. */
const CANNOT_BE_MADE: ReadonlySet<string> = new Set(['unknown-slot', 'no-page']);
const NEEDS_SOMETHING: ReadonlySet<string> = new Set([
  'discard',
  'host',
  'move',
  'poison',
  'host-file-write',
]);

/** Whether a kernel decides the outcome. */
function isOfKernel({ statement: { call }, events }: Executed): boolean {
  const reason = events.find((event) => event.type === 'refused')?.reason;
  return reason === undefined || !NEEDS_SOMETHING.has(call.kind) || !CANNOT_BE_MADE.has(reason);
}

/** The kernel function that decided the outcome. */
function decidedBy(events: readonly TracedEvent[]): string | null {
  const decides = (event: TracedEvent) => event.type === 'refused' || event.type === 'exit';
  const event = events.findLast(decides) ?? events.findLast(({ type }) => type === 'return') ?? events.at(-1);
  return event === undefined || !PROCEDURES.has(event.procedure) ? null : event.procedure;
}

function outcomeText(events: readonly TracedEvent[]): string {
  const { result, exit } = outcomeOf(events);
  return exit === undefined ? result : `${result}, exit ${exit.reason}`;
}

function collect(into: Map<string, Evidence>, program: Program, recordedLines: ReadonlySet<number>): void {
  // A knob selects a bug, or the behaviour of another kernel.
  const { kernel, knobs } = program.setup;
  if (!KERNELS.some((name) => name === kernel) || Object.keys(knobs).length > 0) return;
  // An order of several calls is a race, not an outcome of one call.
  if (program.statements.some(({ course }) => course.until !== null)) return;
  for (const one of runScenario(program)) {
    if (!isOfKernel(one)) continue;
    const vm = one.after.vms[one.vmId]?.type ?? program.setup.vm;
    const [statement, outcome] = [statementOf(one), outcomeText(one.events)];
    const key = [statement, vm, outcome].join('\n');
    const evidence = into.get(key) ?? {
      ...{ statement, vm, outcome },
      ...{ recorded: new Map<string, number>(), functions: new Map<string, Set<string>>() },
    };
    into.set(key, evidence);
    if (recordedLines.has(one.statement.line)) {
      evidence.recorded.set(kernel, (evidence.recorded.get(kernel) ?? 0) + 1);
    }
    const functions = evidence.functions.get(kernel) ?? new Set<string>();
    evidence.functions.set(kernel, functions);
    const name = decidedBy(one.events);
    if (name !== null) functions.add(name);
  }
}

/** The texts of scenarios without a recording. */
function unrecordedTexts(): readonly string[] {
  const examples = filesBelow(EXAMPLES, '.gmem').map((file) => readFileSync(file, 'utf8'));
  return [
    ...examples,
    ...fc.sample(scenarios({ maxStatements: 40 }), SEED),
    ...fc.sample(snpScenarios(), SEED),
    ...fc.sample(wildScenarios(), SEED),
  ];
}

function evidence(): readonly Evidence[] {
  const found = new Map<string, Evidence>();
  for (const { source, expected } of readRecordings()) {
    const lines = new Set(expected.map(({ line }) => line));
    for (const program of analyze(source).programs) collect(found, program, lines);
  }
  const none = new Set<number>();
  for (const text of unrecordedTexts()) {
    for (const program of analyze(text).programs) collect(found, program, none);
  }
  return [...found.values()];
}

function cell({ recorded, functions }: Evidence, kernel: string): string {
  const count = recorded.get(kernel);
  if (count !== undefined) return String(count);
  const names = functions.get(kernel);
  if (names === undefined) return '–';
  return [...names].sort().map(code).join(', ');
}

function rowOf(one: Evidence): readonly string[] {
  return [code(one.outcome), ...KERNELS.map((kernel) => cell(one, kernel))];
}

export function evidenceFile(): string {
  const all = evidence();
  const statements = [...new Set(all.map(({ statement }) => statement))].sort();
  const sections = statements.map((statement) => {
    const tables = VM_TYPES.flatMap((vm) => {
      const rows = all
        .filter((one) => one.statement === statement && one.vm === vm)
        .sort((a, b) => (a.outcome < b.outcome ? -1 : 1))
        .map((one) => [code(vm), ...rowOf(one)]);
      return rows;
    });
    return `## ${statement}\n\n${table(['VM', 'outcome', ...KERNELS], tables)}`;
  });
  return `${[INTRODUCTION, ...sections].join('\n\n')}\n`;
}
