import type { Call, Setup, VmType } from '../simulator/calls';
import type { Order } from '../simulator/run';
import { type Scenario, scenariosOf } from './blocks';
import type { Claims } from './claims/claims';
import type { Diagnostic } from './diagnostics';
import { kernelChoiceOf } from './kernel-choice';
import { permissionsMask } from './permissions';
import { indexLines, type LineIndex, positionAt } from './positions';
import { type CallKeyword, isSilent } from './statements';
import type { Document, Span, Statement } from './tree';
import { statementsIn } from './with-errors';

/** From the tree to what the simulator runs. */

/** How a call runs among others: all of an order but the call. */
export type Course = Omit<Order, 'call'>;

export interface CompiledStatement {
  readonly statement: Statement;
  /** Line of the keyword, from 1. */
  readonly line: number;
  /** Of `continue`, that of the call that goes on. */
  readonly call: Call;
  /** How the call runs among others. */
  readonly course: Course;
  /** What it is to do; null where the scenario does not say. */
  readonly expected: Claims | null;
}

/** One scenario, ready to run. */
export interface Program {
  /** Null for the only scenario of a document without blocks. */
  readonly title: string | null;
  /** Its block in the text; null for the only scenario of a document without blocks. */
  readonly block: Span | null;
  readonly setup: Setup;
  /** Its calls: without the first `vm`, and without the statements that have errors. */
  readonly statements: readonly CompiledStatement[];
  /** Why the program is incomplete; empty when it says what the scenario says. */
  readonly errors: readonly Diagnostic[];
  /**
   * Offset from which on calls may find another machine than the scenario says, because of an error above; null where
   * there are errors in outcomes only, or none.
   */
  readonly doubtfulFrom: number | null;
}

function number(statement: Statement, name: string): bigint {
  const value = statement.numbers[name]?.value;
  if (value === undefined || value === null)
    throw new Error(`${statement.keyword} without ${name} was compiled`);
  return value;
}

function name(statement: Statement, key: string): string {
  const node = statement.names[key] ?? statement.choices[key];
  if (node === undefined) throw new Error(`${statement.keyword} without ${key} was compiled`);
  return node.text;
}

function has(statement: Statement, flag: string): boolean {
  return statement.flags[flag] !== undefined;
}

/** One of the words of a choice; the parser takes no others. */
function word<W extends string>(statement: Statement, key: string, ...words: readonly [W, ...W[]]): W {
  const text = name(statement, key);
  return words.find((candidate) => candidate === text) ?? words[0];
}

/** A number that was checked to be small. */
function small(statement: Statement, key: string): number {
  return Number(number(statement, key));
}

/** What a write puts there, where the statement says it. */
function written(s: Statement): { readonly value?: number } {
  return s.numbers.value === undefined ? {} : { value: small(s, 'value') };
}

function hostAccess(s: Statement): Call {
  const offset = number(s, 'offset');
  if (s.names.file !== undefined)
    return { kind: 'host-file-write', name: s.names.file.text, offset, ...written(s) };
  const access = word(s, 'access', 'read', 'write');
  return { kind: 'host', id: number(s, 'slot'), access, offset, ...written(s) };
}

/** The C-bit of an access; null where the statement does not say. */
function encryption(s: Statement): boolean | null {
  return s.choices.as === undefined ? null : s.choices.as.text === 'private';
}

function guestPage(s: Statement) {
  return { vcpu: small(s, 'vcpu'), gpa: number(s, 'gpa'), size: number(s, 'size') };
}

/** VMPL at which the vCPU runs. */
function vmpl(s: Statement): number {
  return s.numbers['at-vmpl'] === undefined ? 0 : small(s, 'at-vmpl');
}

function filePage(s: Statement) {
  return { name: name(s, 'file'), offset: number(s, 'offset') };
}

function rmpupdate(s: Statement): Call {
  const isPrivate = name(s, 'to') === 'private';
  const to = isPrivate
    ? { gpa: number(s, 'gpa'), asid: small(s, 'asid'), immutable: has(s, 'immutable') }
    : null;
  return { kind: 'rmpupdate', ...filePage(s), size: number(s, 'size'), to };
}

/** For each statement, the call it makes. */
const CALLS: Readonly<Record<Exclude<CallKeyword, 'continue'>, (statement: Statement) => Call>> = {
  vm: (s) => ({ kind: 'vm', type: vmType(s), vcpus: vcpus(s) }),
  switch: (s) => ({ kind: 'switch', vm: small(s, 'vm-number') }),
  gmem: (s) => ({
    kind: 'gmem',
    name: name(s, 'file'),
    size: number(s, 'size'),
    mmap: has(s, 'mmap'),
    initShared: has(s, 'init-shared'),
    huge: has(s, 'huge'),
  }),
  slot: (s) => ({
    kind: 'slot',
    id: number(s, 'slot'),
    gpa: number(s, 'gpa'),
    size: number(s, 'size'),
    gmem: s.names.file === undefined ? null : { name: s.names.file.text, offset: number(s, 'offset') },
    readonly: has(s, 'readonly'),
    thp: has(s, 'thp'),
  }),
  delete: (s) => ({ kind: 'delete', id: number(s, 'slot') }),
  move: (s) => ({ kind: 'move', id: number(s, 'slot'), gpa: number(s, 'gpa') }),
  convert: (s) => ({
    kind: 'convert',
    gpa: number(s, 'gpa'),
    size: number(s, 'size'),
    to: word(s, 'to', 'private', 'shared'),
  }),
  fault: (s) => ({
    kind: 'fault',
    vcpu: small(s, 'vcpu'),
    access: word(s, 'access', 'read', 'write', 'exec'),
    gpa: number(s, 'gpa'),
    private: encryption(s),
    ...(s.numbers['at-vmpl'] === undefined ? {} : { vmpl: vmpl(s) }),
    ...written(s),
  }),
  prefault: (s) => ({ kind: 'prefault', ...guestPage(s) }),
  allocate: (s) => fallocate('allocate', s),
  punch: (s) => fallocate('punch', s),
  truncate: (s) => ({ kind: 'truncate', name: name(s, 'file'), size: number(s, 'size') }),
  close: (s) => ({ kind: 'close', name: name(s, 'file') }),
  poison: (s) => ({ kind: 'poison', ...filePage(s) }),
  discard: (s) => ({
    kind: 'discard',
    id: number(s, 'slot'),
    offset: number(s, 'offset'),
    size: number(s, 'size'),
  }),
  host: hostAccess,
  'launch-update': (s) => ({
    kind: 'launch-update',
    gpa: number(s, 'gpa'),
    size: number(s, 'size'),
    type:
      s.choices.type === undefined
        ? 'normal'
        : word(s, 'type', 'normal', 'zero', 'unmeasured', 'secrets', 'cpuid'),
    source: s.numbers.source === undefined ? null : number(s, 'source'),
  }),
  'launch-finish': () => ({ kind: 'launch-finish' }),
  psc: (s) => ({ kind: 'psc', ...guestPage(s), to: word(s, 'to', 'private', 'shared') }),
  pvalidate: (s) => ({
    kind: 'pvalidate',
    ...guestPage(s),
    validate: name(s, 'action') === 'validate',
    vmpl: vmpl(s),
  }),
  rmpadjust: (s) => ({
    kind: 'rmpadjust',
    ...guestPage(s),
    target: small(s, 'vmpl'),
    permissions: permissionsMask(name(s, 'permissions'))!,
    vmsa: has(s, 'vmsa'),
    vmpl: vmpl(s),
  }),
  rmpquery: (s) => ({
    kind: 'rmpquery',
    vcpu: small(s, 'vcpu'),
    gpa: number(s, 'gpa'),
    target: small(s, 'vmpl'),
    vmpl: vmpl(s),
  }),
  accept: (s) => ({ kind: 'accept', ...guestPage(s) }),
  rmpupdate,
  psmash: (s) => ({ kind: 'psmash', ...filePage(s) }),
  rmpread: (s) => ({ kind: 'rmpread', ...filePage(s) }),
};

function fallocate(kind: 'allocate' | 'punch', s: Statement): Call {
  return { kind, name: name(s, 'file'), offset: number(s, 'offset'), size: number(s, 'size') };
}

/** Statements with errors. */
interface Bad {
  /** What they call is not known: the error is in the statement itself. */
  readonly calls: ReadonlySet<Statement>;
  /** What is claimed of them is not known. */
  readonly outcomes: ReadonlySet<Statement>;
}

/** Where errors start, and all from the place on where errors are no longer listed. */
function withErrors(statements: readonly Statement[], errors: readonly Diagnostic[]): Bad {
  const cuts = errors.filter(({ code }) => code === 'G009').map(({ span }) => span.start);
  const cut = Math.min(Number.POSITIVE_INFINITY, ...cuts);
  const hit = statementsIn(statements, errors, ({ callSpan }) => callSpan);
  const misclaimed = statementsIn(statements, errors, ({ callSpan, span }) => {
    return { start: callSpan.end, end: span.end };
  });
  const isBad = (statement: Statement) =>
    !statement.wellFormed || hit.has(statement) || statement.span.end > cut;
  const isMisclaimed = (statement: Statement) =>
    statement.outcome?.wellFormed === false || misclaimed.has(statement);
  return {
    calls: new Set(statements.filter(isBad)),
    outcomes: new Set(statements.filter(isMisclaimed)),
  };
}

const TYPES: readonly VmType[] = ['default', 'sw-protected', 'sev-snp', 'tdx'];

function vmType(vm: Statement | undefined): VmType {
  return TYPES.find((type) => type === vm?.names.vm?.text) ?? 'default';
}

function vcpus(vm: Statement | undefined): number {
  return Number(vm?.numbers.count?.value ?? 1n);
}

function setupOf(kernel: Statement | undefined, vm: Statement | undefined): Setup {
  return { ...kernelChoiceOf(kernel), vm: vmType(vm), vcpus: vcpus(vm) };
}

/** Calls of a scenario by the names that it gives them. */
type NamedCalls = Map<string, Call>;

/** The call that a statement makes by itself; null for one that makes none, or goes on with another one's. */
export function callOf(statement: Statement): Call | null {
  const { keyword } = statement;
  return isSilent(keyword) || keyword === 'continue' ? null : CALLS[keyword](statement);
}

/** The call of a statement among the others of its scenario; null for those that make none. */
function compiledCall(
  statement: Statement,
  firstVm: Statement | undefined,
  bad: Bad['calls'],
  named: NamedCalls,
): Call | null {
  const { keyword } = statement;
  if (isSilent(keyword) || statement === firstVm) return null;
  if (keyword === 'continue') return bad.has(statement) ? null : (named.get(name(statement, 'call')) ?? null);
  if (!bad.has(statement)) return callOf(statement);
  return keyword === 'vm' ? { kind: 'vm', type: 'default', vcpus: 1 } : null;
}

function courseOf({ keyword, names: { call, step } }: Statement, line: number): Course {
  return {
    title: call?.text ?? `line ${line}`,
    named: call !== undefined,
    until: step?.text ?? null,
    continues: keyword === 'continue',
  };
}

/** The errors that a scenario is incomplete by: all but those inside the blocks of others. */
function errorsOf(
  { block }: Scenario,
  { blocks }: Document,
  errors: readonly Diagnostic[],
): readonly Diagnostic[] {
  const others = blocks.filter((other) => other !== block);
  return errors.filter(
    ({ span }) => !others.some((other) => span.start >= other.span.start && span.start < other.span.end),
  );
}

/** Where the first error is that is not in an outcome. */
function firstDoubt(errors: readonly Diagnostic[], { outcomes }: Bad): number | null {
  const claimed = [...outcomes].map(({ callSpan, span }) => ({ start: callSpan.end, end: span.end }));
  const offsets = errors
    .map(({ span }) => span.start)
    .filter((offset) => !claimed.some(({ start, end }) => offset >= start && offset < end));
  return offsets.length === 0 ? null : offsets.reduce((first, offset) => Math.min(first, offset));
}

function compileScenario(
  scenario: Scenario,
  errors: readonly Diagnostic[],
  bad: Bad,
  lines: LineIndex,
): Program {
  const vm = scenario.statements.find(({ keyword }) => keyword === 'vm');
  const kernel = scenario.statements.find(
    (statement) => statement.keyword === 'kernel' && !bad.calls.has(statement),
  );
  const named: NamedCalls = new Map();
  const statements = scenario.statements.flatMap((statement): CompiledStatement[] => {
    const call = compiledCall(statement, vm, bad.calls, named);
    if (call === null) return [];
    const line = positionAt(lines, statement.keywordSpan.start).line + 1;
    const course = courseOf(statement, line);
    if (course.named) named.set(course.title, call);
    const expected = bad.outcomes.has(statement) ? null : (statement.outcome?.claims ?? null);
    return [{ statement, line, call, course, expected }];
  });
  const setup = setupOf(kernel, vm !== undefined && bad.calls.has(vm) ? undefined : vm);
  return {
    title: scenario.title,
    block: scenario.block?.span ?? null,
    setup,
    statements,
    errors,
    doubtfulFrom: firstDoubt(errors, bad),
  };
}

/**
 * Compiles every scenario of a document, in the order of the text.
 * @param diagnostics All of the document's, those of `parse` and of `validate`. What has an error is
 * left out; of `kernel` and `vm`, the default takes its place, so that VMs keep their numbers. Where only what is
 * claimed has an error, the call stays, without claims.
 */
export function compile(
  document: Document,
  diagnostics: readonly Diagnostic[],
): readonly [Program, ...Program[]] {
  const errors = diagnostics.filter(({ severity }) => severity === 'error');
  const bad = withErrors(document.statements, errors);
  const lines = indexLines(document.text);
  const of = (scenario: Scenario) =>
    compileScenario(scenario, errorsOf(scenario, document, errors), bad, lines);
  const [first, ...others] = scenariosOf(document);
  return [of(first), ...others.map(of)];
}
