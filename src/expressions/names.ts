/** The built-in names. Locals of the frame and files of the scenario take precedence. */
import { resultOf } from '../outcome';
import { type LockHolder, must } from '../simulator';
import { currentVmOf, type EvaluationContext } from './evaluation-context';
import { localValue } from './locals';
import { changedPages } from './members/general';
import type { Described, Found } from './members/member';
import { VM_MEMBERS } from './members/rmp';
import { hasRmp, NO_RMP } from './pages';
import { isProblem } from './tree';
import {
  type FieldValue,
  flag,
  listOf,
  nothing,
  numberOf,
  rangeOf,
  type Value,
  type ValueOf,
  vmValue,
  word,
  yesNo,
} from './value';
import { CHANGE_KINDS, type ChangeKind, type WatchTarget } from './watch-target';

export interface Name extends Described {
  readonly of: (context: EvaluationContext) => Found;
}

function name(text: string, doc: string, of: (context: EvaluationContext) => Found): Name {
  return { name: text, doc, of };
}

function currentVm(context: EvaluationContext): ValueOf<'vm'> {
  return vmValue(currentVmOf(context).vm, context);
}

/** Members of the current VM can be written without `vm.`. */
function ofVm(text: string, doc: string): Name {
  const part = must(
    VM_MEMBERS.find((candidate) => candidate.name === text),
    `member ${text} of a VM`,
  );
  if (part.parameters !== undefined) throw new Error(`${text} of a VM is a method`);
  return name(text, doc, (context) => part.of(currentVm(context), context));
}

function byStatement(what: ChangeKind, doc: string): Name {
  return name(what, doc, (context) => changedPages(EVERYTHING, what, context));
}

function lastExit({ effects }: EvaluationContext): Value {
  const exit = effects.events().findLast(({ type }) => type === 'exit');
  return exit?.type === 'exit' ? word(exit.reason) : nothing();
}

function result({ effects }: EvaluationContext): Value {
  return effects.returned ? word(resultOf(effects.events())) : nothing('none yet');
}

function events({ effects }: EvaluationContext): Value {
  return listOf(effects.events(), (event) => ({ kind: 'local', value: event }));
}

function faults({ effects }: EvaluationContext): Value {
  const taken = effects.events().filter(({ type }) => type === 'fault');
  return listOf(taken, (event) => ({ kind: 'local', value: event }));
}

/** A held lock for display. Locks of files and pages belong to no VM. */
function lockParts({ lock, ...rest }: LockHolder): object {
  return { lock, vm: 'vm' in lock ? lock.vm : null, ...rest };
}

/** `read` or `write` if the lock is held. */
function lock(text: string, doc: string): Name {
  return name(text, `${doc}: \`read\` or \`write\` while it is held`, ({ state }) => {
    const holder = state.locks.find((candidate) => candidate.lock.kind === text);
    return holder === undefined ? nothing() : word(holder.mode);
  });
}

const EVERYTHING: WatchTarget = { kind: 'anything' };

function flush({ effects }: EvaluationContext): Value {
  return yesNo(effects.events().some(({ type }) => type === 'flush'));
}

/** Effects of the statement. Each is a name of its own; a local of a procedure may hide it. */
const BY_STATEMENT: readonly Name[] = [
  name('result', 'what the last statement returned: `ok`, an errno, `livelock`', result),
  name('exit', 'why the vCPU left the guest: `memory-fault`, `mmio`, …', lastExit),
  byStatement('zapped', 'gfns it zapped so far'),
  byStatement('mapped', 'gfns it mapped'),
  byStatement('converted', 'gfns it converted to private or shared'),
  byStatement('allocated', 'file pages it allocated'),
  byStatement('freed', 'file pages it freed'),
  name('flush', 'whether it requested a flush of all TLBs', flush),
  name('faults', 'its nested page faults', faults),
  name('events', 'all its events, in order', events),
];

/** The effects of the current statement so far, or of the last one. */
export function outcomeFields(context: EvaluationContext): readonly FieldValue[] {
  return BY_STATEMENT.flatMap(({ name: text, of }) => {
    const value = of(context);
    return isProblem(value) ? [] : [{ name: text, value }];
  });
}

/** The current statement with its effects, for use where locals hide the bare names. */
function statementRecord(context: EvaluationContext): Value {
  const { call, line } = context.statement;
  const fields: FieldValue[] = [
    { name: 'line', value: numberOf(line, 'count') },
    ...Object.entries(call).map(([part, value]) => ({ name: part, value: localValue(part, value) })),
    ...(context.effects.own ? outcomeFields(context) : []),
  ];
  return { kind: 'record', fields, watch: null };
}

/** What hit a data breakpoint: a flag for each kind of change. */
function change({ changes }: EvaluationContext): Found {
  if (changes === null)
    return { problem: '`change` is available only in the condition of a data breakpoint.' };
  const fields: FieldValue[] = CHANGE_KINDS.map((what) => ({
    name: what,
    value: flag(changes.some((one) => one.what === what)),
  }));
  const [first] = changes;
  const by = first === undefined ? [] : [{ name: 'procedure', value: word(first.event.procedure) }];
  return { kind: 'record', fields: [...fields, ...by], watch: null };
}

/** Help and completion list them in this order. */
export const NAMES: readonly Name[] = [
  ofVm('slots', 'the memslots'),
  ofVm('vcpus', 'the vCPUs'),
  ofVm('roots', 'the page tables, newest first'),
  ofVm('attributes', 'the gfns that are private'),
  ofVm('accepted', 'on TDX: the gfns of private pages that the guest accepted'),
  name('files', 'the guest_memfd files', ({ state }) =>
    listOf(state.files, (file) => ({ kind: 'file', file, state })),
  ),
  name('rmp', 'the Reverse Map Table', ({ state }) =>
    hasRmp(state) ? listOf(state.rmp, (entry) => ({ kind: 'rmp-entry', entry, state })) : NO_RMP,
  ),
  name('direct_map', 'the pfns the kernel maps as 4K', ({ state }) =>
    hasRmp(state) ? listOf(state.directMap, (range) => rangeOf(range, 'pfn')) : NO_RMP,
  ),
  name('vm', 'the current VM', currentVm),
  name('vms', 'all VMs', (context) => listOf(context.state.vms, (vm) => vmValue(vm, context))),
  ofVm('seq', 'mmu_invalidate_seq'),
  ofVm('in_progress', 'mmu_invalidate_in_progress'),
  ofVm('invalidate_range', 'the gfns that are being invalidated'),
  ofVm('generation', 'the generation of the memslots'),
  name('grace_periods', 'the number of SRCU grace periods started', ({ state }) =>
    numberOf(state.srcu.epoch, 'count'),
  ),
  name('locks', 'the locks held', ({ state }) =>
    listOf(state.locks, (holder) => ({ kind: 'local', value: lockParts(holder) })),
  ),
  lock('mmu_lock', 'kvm->mmu_lock'),
  lock('slots_lock', 'kvm->slots_lock'),
  lock('slots_arch_lock', 'kvm->slots_arch_lock'),
  lock('srcu', 'kvm->srcu'),
  name('statement', 'the current statement: its line, its arguments, its effects so far', statementRecord),
  ...BY_STATEMENT,
  name('change', 'in the condition of a data breakpoint: what happened', change),
];

const BY_NAME: ReadonlyMap<string, Name> = new Map(NAMES.map((one) => [one.name, one]));

export function nameOf(text: string): Name | undefined {
  return BY_NAME.get(text);
}
