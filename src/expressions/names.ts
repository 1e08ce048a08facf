/** Names that stand for something by themselves. A local of the frame goes before them, and a file of the scenario. */
import { resultOf } from '../outcome';
import { localValue } from './locals';
import { changedPages } from './members/general';
import type { Described, Found } from './members/member';
import { VM_MEMBERS } from './members/rmp';
import { hasRmp, NO_RMP } from './pages';
import type { Place, What } from './places';
import { type Scene, vmOfScene } from './scene';
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

export interface Name extends Described {
  readonly of: (scene: Scene) => Found;
}

function name(text: string, doc: string, of: (scene: Scene) => Found): Name {
  return { name: text, doc, of };
}

function defaultVm(scene: Scene): ValueOf<'vm'> {
  return vmValue(vmOfScene(scene).vm, scene);
}

/** What the VM at hand has is known without `vm.` in front of it. */
function ofVm(text: string, doc: string): Name {
  const part = VM_MEMBERS.find((candidate) => candidate.name === text)!;
  if (part.parameters !== undefined) throw new Error(`${text} of a VM is called`);
  return name(text, doc, (scene) => part.of(defaultVm(scene), scene));
}

function byStatement(what: What, doc: string): Name {
  return name(what, doc, (scene) => changedPages(EVERYTHING, what, scene));
}

function lastExit({ effects }: Scene): Value {
  const exit = effects.events().findLast(({ type }) => type === 'exit');
  return exit?.type === 'exit' ? word(exit.reason) : nothing();
}

function result({ effects }: Scene): Value {
  return effects.returned ? word(resultOf(effects.events())) : nothing('none yet');
}

function events({ effects }: Scene): Value {
  return listOf(effects.events(), (event) => ({ kind: 'local', value: event }));
}

function faults({ effects }: Scene): Value {
  const taken = effects.events().filter(({ type }) => type === 'fault');
  return listOf(taken, (event) => ({ kind: 'local', value: event }));
}

/** `read` or `write` where the lock is held. */
function lock(text: string, doc: string): Name {
  return name(text, `${doc}: \`read\` or \`write\` while it is held`, ({ state }) => {
    const holder = state.locks.find((candidate) => candidate.lock === text);
    return holder === undefined ? nothing() : word(holder.mode);
  });
}

const EVERYTHING: Place = { kind: 'anything' };

function flush({ effects }: Scene): Value {
  return yesNo(effects.events().some(({ type }) => type === 'flush'));
}

/** What statements are asked for: each is a name by itself, which a local of a procedure may hide. */
const BY_STATEMENT: readonly Name[] = [
  name('result', 'what the last statement returned: `ok`, an errno, `livelock`', result),
  name('exit', 'why the vCPU left the guest: `memory-fault`, `mmio`, …', lastExit),
  byStatement('zapped', 'gfns that it zapped, so far where it is on its way'),
  byStatement('mapped', 'gfns that it mapped'),
  byStatement('converted', 'gfns that it made private or shared'),
  byStatement('allocated', 'file pages that came'),
  byStatement('freed', 'file pages that went'),
  name('flush', 'whether it asked for a flush of all TLBs', flush),
  name('faults', 'the nested page faults that it took', faults),
  name('events', 'everything that it did, in order', events),
];

/** What the statement did so far, or the last one did. */
export function outcomeFields(scene: Scene): readonly FieldValue[] {
  return BY_STATEMENT.flatMap(({ name: text, of }) => {
    const value = of(scene);
    return isProblem(value) ? [] : [{ name: text, value }];
  });
}

/** The statement at hand with all that is known of it: locals hide what it did from the bare names. */
function statementRecord(scene: Scene): Value {
  const { call, line } = scene.statement;
  const fields: FieldValue[] = [
    { name: 'line', value: numberOf(line, 'count') },
    ...Object.entries(call).map(([part, value]) => ({ name: part, value: localValue(part, value) })),
    ...(scene.effects.own ? outcomeFields(scene) : []),
  ];
  return { kind: 'record', fields, watch: null };
}

/** What a data breakpoint was hit by: a flag for each kind of change. */
function change({ changes }: Scene): Found {
  if (changes === null) return { problem: '`change` is known in the condition of a data breakpoint only.' };
  const kinds: readonly What[] = ['zapped', 'mapped', 'rewritten', 'converted', 'allocated', 'freed'];
  const more: readonly What[] = ['poisoned', 'created', 'moved', 'deleted', 'smashed', 'adjusted'];
  const fields: FieldValue[] = [...kinds, ...more].map((what) => ({
    name: what,
    value: flag(changes.some((one) => one.what === what)),
  }));
  const [first] = changes;
  const by = first === undefined ? [] : [{ name: 'procedure', value: word(first.event.procedure) }];
  return { kind: 'record', fields: [...fields, ...by], watch: null };
}

/** In the order in which help and completion list them. */
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
  name('direct_map', 'the pfns that the kernel maps as 4K', ({ state }) =>
    hasRmp(state) ? listOf(state.directMap, (range) => rangeOf(range, 'pfn')) : NO_RMP,
  ),
  name('vm', 'the VM at hand', defaultVm),
  name('vms', 'all VMs', (scene) => listOf(scene.state.vms, (vm) => vmValue(vm, scene))),
  ofVm('seq', 'mmu_invalidate_seq'),
  ofVm('in_progress', 'mmu_invalidate_in_progress'),
  ofVm('invalidate_range', 'the gfns that are being invalidated'),
  ofVm('generation', 'of the memslots'),
  name('grace_periods', 'how many SRCU grace periods have begun', ({ state }) =>
    numberOf(state.srcuEpoch, 'count'),
  ),
  name('locks', 'the locks that are held', ({ state }) =>
    listOf(state.locks, (holder) => ({ kind: 'local', value: holder })),
  ),
  lock('mmu_lock', 'kvm->mmu_lock'),
  lock('slots_lock', 'kvm->slots_lock'),
  lock('slots_arch_lock', 'kvm->slots_arch_lock'),
  lock('srcu', 'kvm->srcu'),
  name('statement', 'the statement at hand: its line, its arguments, what it did so far', statementRecord),
  ...BY_STATEMENT,
  name('change', 'in the condition of a data breakpoint: what happened', change),
];

const BY_NAME: ReadonlyMap<string, Name> = new Map(NAMES.map((one) => [one.name, one]));

export function nameOf(text: string): Name | undefined {
  return BY_NAME.get(text);
}
