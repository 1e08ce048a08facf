/** Functions: `slot(0)`, `spte(0x90000000)`. */
import {
  asidOf,
  backingOfGfn,
  bytesOf,
  type HostedVm,
  hasProtectedState,
  isPrivate,
  memoryOf,
  NO_KEY,
  offsetInPage,
  pageOf,
  readValue,
  type State,
  slotById,
  within,
} from '../simulator';
import { currentVmOf, type EvaluationContext } from './evaluation-context';
import type { Described, Found } from './members/member';
import { addressAndSize, addressOf, pageIndex } from './page-numbers';
import { guestPage, hasRmp, leavesIn, NO_RMP, pfnAt, rmpEntryAt, rootsFor, spteAt } from './pages';
import { listOf, nothing, numberOf, rangeOf, type Value, vmValue, word } from './value';

export interface FunctionName extends Described {
  readonly parameters: readonly string[];
  /** Number of trailing parameters that are optional. */
  readonly optional?: number;
  readonly call: (args: readonly Value[], context: EvaluationContext) => Found;
}

const MOST_IDS = 8;

function listText(ids: readonly number[]): string {
  const shown = ids.slice(0, MOST_IDS).join(', ');
  return ids.length > MOST_IDS ? `${shown}, …` : shown;
}

/** A function that looks up an object by its number; the error lists the numbers that exist. */
function numbered(
  name: string,
  what: string,
  doc: string,
  ids: (of: HostedVm) => readonly number[],
  find: (of: HostedVm, id: number, context: EvaluationContext) => Value | undefined,
): FunctionName {
  const call: FunctionName['call'] = ([id], context) =>
    pageIndex(id, (number) => {
      const of = currentVmOf(context);
      const found = find(of, number, context);
      if (found !== undefined) return found;
      const there = ids(of).length === 0 ? 'there are none' : `known numbers are ${listText(ids(of))}`;
      return { problem: `There is no ${what} ${number}: ${there}.` };
    });
  return { name, doc, parameters: ['id'], call };
}

/** The host page that an argument names: a pfn, or the page that backs an address. */
function hostPage(
  value: Value | undefined,
  context: EvaluationContext,
  found: (pfn: number) => Found,
): Found {
  if (!hasRmp(context.state)) return NO_RMP;
  const isAddress = value?.kind === 'number' && (value.unit === 'bytes' || value.unit === 'gfn');
  if (!isAddress) return pageIndex(value, found);
  return addressAndSize([value], ({ start }) => {
    const pfn = pfnAt(currentVmOf(context), start);
    return pfn === null ? nothing(`no page backs gfn 0x${start.toString(16)}`) : found(pfn);
  });
}

/** The RMP entries of a range of pfns. */
function rmpEntries(state: State, start: number, end: number): Value {
  const watch = { target: { kind: 'pfns', start, end }, what: null } as const;
  const entries = within(state.rmp, start, end);
  return listOf(entries, (entry) => ({ kind: 'rmp-entry', entry, state }), watch);
}

/** What the guest would read: decrypted if the attribute is private, zeroes if the page is not allocated yet. */
function guestWord({ state, vm }: HostedVm, gpa: bigint): Value {
  const backing = backingOfGfn(state, vm, pageOf(gpa));
  if (backing === null) return nothing('no memory is there');
  const key = hasProtectedState(vm.type) && isPrivate(vm, pageOf(gpa)) ? asidOf(vm.id) : NO_KEY;
  if (backing === 'absent') return numberOf(0, 'plain');
  const value = readValue(state, backing, offsetInPage(gpa), key);
  return typeof value === 'number' ? numberOf(value, 'plain') : word(value);
}

export const FUNCTIONS: readonly FunctionName[] = [
  {
    name: 'page',
    doc: 'the page at an address: slot, file page, attribute, SPTE',
    parameters: ['gpa'],
    call: (args, context) => addressAndSize(args, ({ start }) => guestPage(currentVmOf(context), start)),
  },
  {
    name: 'spte',
    doc: 'the leaf SPTE that maps an address',
    parameters: ['gpa'],
    call: (args, context) => {
      const of = currentVmOf(context);
      return addressAndSize(args, ({ start }) => spteAt(of, rootsFor(of.vm, start), start));
    },
  },
  {
    name: 'sptes',
    doc: 'the leaf SPTEs of a range of addresses or gfns',
    parameters: ['gpa', 'size'],
    optional: 1,
    call: (args, context) => {
      const of = currentVmOf(context);
      return addressAndSize(args, (gfns) => leavesIn(of, rootsFor(of.vm, gfns.start), gfns));
    },
  },
  {
    name: 'attribute',
    doc: '`private` or `shared`',
    parameters: ['gpa'],
    call: (args, context) =>
      addressAndSize(args, ({ start }) =>
        word(isPrivate(currentVmOf(context).vm, start) ? 'private' : 'shared'),
      ),
  },
  {
    name: 'rmp',
    doc: 'the RMP entry of a pfn, or of the page that backs gfn(…); with a count, the entries of that many pages',
    parameters: ['pfn', 'count'],
    optional: 1,
    call: ([page, count], context) =>
      hostPage(page, context, (pfn) =>
        count === undefined
          ? rmpEntryAt(context.state, pfn)
          : pageIndex(count, (pages) => rmpEntries(context.state, pfn, pfn + Math.max(1, pages))),
      ),
  },
  numbered(
    'slot',
    'slot',
    'the memslot with that id',
    ({ vm: { slots } }) => slots.map(({ id }) => id),
    ({ state, vm }, id) => {
      const slot = slotById(vm, id);
      return slot && { kind: 'slot', slot, state, vm };
    },
  ),
  numbered(
    'vcpu',
    'vCPU',
    'the vCPU with that id',
    ({ vm: { vcpus } }) => [...vcpus.keys()],
    ({ state, vm }, id) => {
      const vcpu = vm.vcpus[id];
      return vcpu && { kind: 'vcpu', vcpu, id, state, vm };
    },
  ),
  numbered(
    'root',
    'root',
    'the page-table root with that number',
    ({ vm: { roots } }) => roots.map(({ id }) => id),
    ({ state, vm }, id) => {
      const root = vm.roots.find((candidate) => candidate.id === id);
      return root && { kind: 'root', root, state, vm };
    },
  ),
  numbered(
    'memory',
    'memory of slot',
    'the userspace memory of the slot with that id, also after its deletion',
    ({ vm: { memories } }) => memories.map(({ id }) => id),
    ({ vm }, id) => {
      const memory = memoryOf(vm, id);
      return memory && { kind: 'memory', memory };
    },
  ),
  numbered(
    'vm',
    'VM',
    'the VM with that number',
    ({ state }) => state.vms.map(({ id }) => id),
    ({ state }, id, context) => {
      const vm = state.vms[id];
      return vm && vmValue(vm, context);
    },
  ),
  {
    name: 'gfn',
    doc: 'the gfn of an address',
    parameters: ['gpa'],
    call: (args) => addressAndSize(args, ({ start }) => numberOf(start, 'gfn')),
  },
  {
    name: 'gfns',
    doc: 'the gfns of a range of addresses',
    parameters: ['gpa', 'size'],
    call: (args) => addressAndSize(args, (gfns) => rangeOf(gfns, 'gfn')),
  },
  {
    name: 'gpa',
    doc: 'the address of a gfn, in bytes',
    parameters: ['gfn'],
    call: ([gfn]) => pageIndex(gfn, (page) => numberOf(bytesOf(page), 'bytes')),
  },
  {
    name: 'read',
    doc: 'the four bytes the guest would read at an address',
    parameters: ['gpa'],
    call: ([address], context) => {
      const gpa = addressOf(address);
      if (gpa === null || gpa < 0n) return { problem: 'Expected an address or a gfn.' };
      return guestWord(currentVmOf(context), gpa);
    },
  },
  {
    name: 'pfn',
    doc: 'the host page that backs an address',
    parameters: ['gpa'],
    call: (args, context) =>
      addressAndSize(args, ({ start }) => {
        const pfn = pfnAt(currentVmOf(context), start);
        return pfn === null ? nothing() : numberOf(pfn, 'pfn');
      }),
  },
];

const BY_NAME: ReadonlyMap<string, FunctionName> = new Map(FUNCTIONS.map((one) => [one.name, one]));

export function functionOf(name: string): FunctionName | undefined {
  return BY_NAME.get(name);
}
