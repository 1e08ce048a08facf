/** What holds of the RMP between calls, whatever guests and the VMM did. */
import type { Violation } from '../invariants';
import { allVms, asidOf } from '../model/vms';
import { gaps, type Range, within } from '../ranges';
import type { MappedLeaf, State, VmState } from '../state';

function text({ start, end }: Range): string {
  return `[0x${start.toString(16)}, 0x${end.toString(16)})`;
}

/** Every assigned page is in the page cache of a file: no freed page is left assigned. */
function freedPages({ rmp, files }: State): readonly Violation[] {
  const cached = files
    .flatMap(({ cache }) =>
      cache.map(({ start, end, value }) => ({ start: start + value.frame, end: end + value.frame })),
    )
    .sort((a, b) => a.start - b.start)
    .map((range) => ({ ...range, value: true }));
  return rmp
    .filter(({ value }) => value.assigned)
    .flatMap(({ start, end }) => gaps(cached, start, end))
    .map((range) => ({ rule: 'assigned pages are in a file', detail: `pfns ${text(range)}` }));
}

/** What the RMP says against a leaf of an SNP guest that maps guest_memfd pages. */
function contradictions({ rmp }: State, vm: VmState, range: Range, leaf: MappedLeaf): readonly Violation[] {
  if (leaf.frame === 'zero') return [];
  const pfns = { start: range.start + leaf.frame, end: range.end + leaf.frame };
  const asid = asidOf(vm);
  const found: Violation[] = gaps(rmp, pfns.start, pfns.end).map((gap) => ({
    rule: 'private mappings are of assigned pages',
    detail: `pfns ${text(gap)} of VM ${vm.vmId}`,
  }));
  for (const { start, end, value } of within(rmp, pfns.start, pfns.end)) {
    const where = `pfns ${text({ start, end })} of VM ${vm.vmId}`;
    if (value.asid !== asid) found.push({ rule: 'no guest maps the private page of another', detail: where });
    if (leaf.level === 2 && value.pageSize === 1)
      found.push({ rule: 'no 2M leaf is over 4K entries', detail: where });
  }
  return found;
}

function mappings(state: State): readonly Violation[] {
  return allVms(state)
    .filter(({ vm }) => vm === 'sev-snp')
    .flatMap((vm) =>
      vm.roots
        .flatMap(({ leaves }) => leaves)
        .flatMap(({ start, end, value: leaf }) =>
          leaf.kind === 'mapped' && leaf.backing === 'gmem'
            ? contradictions(state, vm, { start, end }, leaf)
            : [],
        ),
    );
}

/** Pages that the host maps for writing are nobody's private memory. */
function hostMemory(state: State): readonly Violation[] {
  return allVms(state).flatMap(({ vmId, memories }) =>
    memories.flatMap(({ present }) =>
      present
        .filter(({ value }) => value.kind === 'own')
        .flatMap(({ start, end, value }) => within(state.rmp, start + value.frame, end + value.frame))
        .map((range) => ({
          rule: 'userspace memory is not assigned',
          detail: `pfns ${text(range)} of VM ${vmId}`,
        })),
    ),
  );
}

export function rmpViolations(state: State): readonly Violation[] {
  return [...freedPages(state), ...mappings(state), ...hostMemory(state)];
}
