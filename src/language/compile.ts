import type { Call, Setup, VmType } from '../simulator/calls';
import { SIMULATED_KERNELS } from './catalogue';
import type { Diagnostic } from './diagnostics';
import { indexLines, positionAt } from './positions';
import type { Keyword } from './statements';
import type { Document, Statement } from './tree';

/** From the tree to what the simulator runs. */

export interface CompiledStatement {
  readonly statement: Statement;
  /** Line of the keyword, from 1. */
  readonly line: number;
  readonly call: Call;
}

export interface Program {
  readonly setup: Setup;
  /** Without `kernel` and `vm`, and without the statements that have errors. */
  readonly statements: readonly CompiledStatement[];
  /** Why the program is incomplete; empty when it says what the scenario says. */
  readonly errors: readonly Diagnostic[];
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

function access(statement: Statement): 'read' | 'write' {
  return name(statement, 'access') === 'write' ? 'write' : 'read';
}

type CallKeyword = Exclude<Keyword, 'kernel' | 'vm'>;

/** For each statement, the call it makes. */
const CALLS: Readonly<Record<CallKeyword, (statement: Statement) => Call>> = {
  gmem: (s) => ({
    kind: 'gmem',
    name: name(s, 'file'),
    size: number(s, 'size'),
    mmap: has(s, 'mmap'),
    initShared: has(s, 'init-shared'),
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
    to: name(s, 'to') === 'private' ? 'private' : 'shared',
  }),
  fault: (s) => ({
    kind: 'fault',
    vcpu: Number(number(s, 'vcpu')),
    access: access(s),
    gpa: number(s, 'gpa'),
  }),
  prefault: (s) => ({
    kind: 'prefault',
    vcpu: Number(number(s, 'vcpu')),
    gpa: number(s, 'gpa'),
    size: number(s, 'size'),
  }),
  allocate: (s) => fallocate('allocate', s),
  punch: (s) => fallocate('punch', s),
  truncate: (s) => ({ kind: 'truncate', name: name(s, 'file'), size: number(s, 'size') }),
  close: (s) => ({ kind: 'close', name: name(s, 'file') }),
  discard: (s) => ({
    kind: 'discard',
    id: number(s, 'slot'),
    offset: number(s, 'offset'),
    size: number(s, 'size'),
  }),
  host: (s) => ({ kind: 'host', id: number(s, 'slot'), access: access(s), offset: number(s, 'offset') }),
};

function fallocate(kind: 'allocate' | 'punch', s: Statement): Call {
  return { kind, name: name(s, 'file'), offset: number(s, 'offset'), size: number(s, 'size') };
}

/** Statements in which an error starts, and all from the place on where errors are no longer listed. */
function withErrors(statements: readonly Statement[], errors: readonly Diagnostic[]): Set<Statement> {
  const offsets = errors.map(({ span }) => span.start).sort((a, b) => a - b);
  const cuts = errors.filter(({ code }) => code === 'G009').map(({ span }) => span.start);
  const cut = Math.min(Number.POSITIVE_INFINITY, ...cuts);
  const bad = new Set<Statement>();
  let next = 0;
  for (const statement of statements) {
    while (next < offsets.length && offsets[next]! < statement.span.start) next++;
    const hit = (offsets[next] ?? Number.POSITIVE_INFINITY) < statement.span.end;
    if (!statement.wellFormed || hit || statement.span.end > cut) bad.add(statement);
  }
  return bad;
}

function setupOf(kernel: Statement | undefined, vm: Statement | undefined): Setup {
  const knobs = (kernel?.knobs ?? []).map(({ knob, variant }) => [knob.text, variant!.text] as const);
  const type: VmType = vm?.names.vm?.text === 'sw-protected' ? 'sw-protected' : 'default';
  return {
    kernel: kernel?.names.kernel?.text ?? SIMULATED_KERNELS.defaultKernel,
    knobs: Object.fromEntries(knobs),
    vm: type,
    vcpus: Number(vm?.numbers.count?.value ?? 1n),
  };
}

/**
 * Compiles a document.
 * @param diagnostics All of the document's, those of `parse` and of `validate`. What has an error is
 * left out; of `kernel` and `vm`, the default takes its place.
 */
export function compile(document: Document, diagnostics: readonly Diagnostic[]): Program {
  const errors = diagnostics.filter(({ severity }) => severity === 'error');
  const bad = withErrors(document.statements, errors);
  const good = document.statements.filter((statement) => !bad.has(statement));
  const lines = indexLines(document.text);
  const statements = good.flatMap((statement): CompiledStatement[] => {
    if (statement.keyword === 'kernel' || statement.keyword === 'vm') return [];
    const line = positionAt(lines, statement.keywordSpan.start).line + 1;
    return [{ statement, line, call: CALLS[statement.keyword](statement) }];
  });
  const find = (keyword: Keyword) => good.find((statement) => statement.keyword === keyword);
  return { setup: setupOf(find('kernel'), find('vm')), statements, errors };
}
