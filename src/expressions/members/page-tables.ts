/** Members of roots, leaf SPTEs and vCPUs. */
import { letters } from '../../outcome';
import { type HostedVm, rootById } from '../../simulator';
import { addressAndSize } from '../page-numbers';
import { leafValue, leavesIn, spteAt } from '../pages';
import { listOf, nothing, numberOf, rangeOf, type Value, word, yesNo } from '../value';
import { type MemberTable, member } from './member';

function rootValue({ state, vm }: HostedVm, id: number | null): Value {
  const root = rootById(vm, id);
  return root === undefined ? nothing() : { kind: 'root', root, state, vm };
}

export const ROOT_MEMBERS: MemberTable<'root'> = [
  member('id', 'its number', ({ root }) => numberOf(root.id, 'count')),
  member('kind', '`direct`, or on TDX `mirror` for private memory', ({ root }) => word(root.kind)),
  member('invalid', 'obsolete: invalidated by a zap of all roots', ({ root }) => yesNo(root.invalid)),
  member('leaves', 'runs of equal leaf SPTEs', (of) => listOf(of.root.leaves, (leaf) => leafValue(leaf, of))),
  {
    name: 'spte',
    doc: 'the leaf SPTE that maps an address',
    parameters: ['gpa'],
    call: (of, args) => addressAndSize(args, (gfns) => spteAt(of, [of.root], gfns.start)),
  },
  {
    name: 'sptes',
    doc: 'the leaf SPTEs of a range',
    parameters: ['gpa', 'size'],
    call: (of, args) => addressAndSize(args, (gfns) => leavesIn(of, [of.root], gfns)),
  },
];

export const LEAF_MEMBERS: MemberTable<'leaf'> = [
  member('gfns', 'the gfns it maps', ({ leaf }) => rangeOf(leaf, 'gfn')),
  member('level', '1 is 4K, 2 is 2M', ({ leaf }) => numberOf(leaf.value.level, 'level')),
  member('access', 'read, write, exec, accessed, dirty', ({ leaf }) => word(letters(leaf.value))),
  member('present', 'whether it maps a page: an MMIO SPTE does not', ({ leaf }) =>
    yesNo(leaf.value.kind === 'mapped'),
  ),
  member('writable', 'the W bit', ({ leaf }) => yesNo(leaf.value.kind === 'mapped' && leaf.value.writable)),
  member('accessed', 'the A bit', ({ leaf }) => yesNo(leaf.value.kind === 'mapped' && leaf.value.accessed)),
  member('dirty', 'the D bit', ({ leaf }) => yesNo(leaf.value.kind === 'mapped' && leaf.value.dirty)),
  member('pfns', 'the host pages it maps', ({ leaf: { start, end, value } }) => {
    if (value.kind !== 'mapped') return nothing();
    if (value.frame === 'zero') return word('zero page');
    return rangeOf({ start: start + value.frame, end: end + value.frame }, 'pfn');
  }),
  member('backing', '`guest_memfd` or `userspace`', ({ leaf: { value } }) => {
    if (value.kind !== 'mapped') return nothing();
    return word(value.backing === 'gmem' ? 'guest_memfd' : 'userspace');
  }),
];

export const VCPU_MEMBERS: MemberTable<'vcpu'> = [
  member('id', 'its number', ({ id }) => numberOf(id, 'count')),
  member('root', 'its loaded root', (of) => rootValue(of, of.vcpu.root)),
  member('mirror_root', 'on TDX: the root for private memory', (of) => rootValue(of, of.vcpu.mirrorRoot)),
  member('mmio_gfn', 'the gfn in its MMIO cache', ({ vcpu: { mmioCache } }) =>
    mmioCache === null ? nothing() : numberOf(mmioCache.gfn, 'gfn'),
  ),
  member('vmsa', 'on SEV-SNP: the page that holds its register state', ({ vcpu: { vmsa } }) =>
    vmsa === null ? nothing() : numberOf(vmsa, 'pfn'),
  ),
  member('mmio_generation', 'the memslot generation of its MMIO cache', ({ vcpu: { mmioCache } }) =>
    mmioCache === null ? nothing() : numberOf(mmioCache.generation, 'count'),
  ),
  member('fault_private', 'whether its memory_fault was a private access', ({ vcpu: { memoryFault } }) =>
    memoryFault === null ? nothing() : yesNo(memoryFault.private),
  ),
  member('fault_gfn', 'the gfn of its memory_fault', ({ vcpu: { memoryFault } }) =>
    memoryFault === null ? nothing() : numberOf(memoryFault.gfn, 'gfn'),
  ),
];
