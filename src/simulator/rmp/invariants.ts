/** Invariants of the RMP between calls. They hold for all guests and VMMs. */
import { pfnsOf } from '../model/frames';
import { asidOf } from '../model/vms';
import { gaps, type Range, within } from '../ranges';
import type { MappedLeaf, State, VmState } from '../state';
import { rangeText, type Violation } from '../violation';
import { directMapLevel } from './direct-map';
import { entryAt } from './entry';
import { filePages, freedAssigned, vmsaPages } from './freed';
import { regionOf } from './host-instructions';

function freedPages(state: State): readonly Violation[] {
  return freedAssigned(state).map((range) => ({
    rule: 'assigned pages are in a file',
    detail: `pfns ${rangeText(range)}`,
  }));
}

/** A file's assigned pages are assigned to the VM that the file was created for. */
function owners({ rmp, files }: State): readonly Violation[] {
  return files.flatMap((file) =>
    filePages([file])
      .flatMap(({ start, end }) => within(rmp, start, end))
      .filter(({ value }) => value.assigned && value.asid !== asidOf(file.vmId))
      .map((range) => ({
        rule: "a file's pages belong to its own VM",
        detail: `pfns ${rangeText(range)} of file ${file.name}`,
      })),
  );
}

/** The VMSA pages of a launched guest are assigned to it, mutable and marked as VMSA. */
function registers(state: State): readonly Violation[] {
  return state.vms.flatMap((vm) =>
    vmsaPages(vm)
      .filter(({ start }) => {
        const { assigned, asid, vmsa, immutable } = entryAt(state.rmp, start);
        return !assigned || asid !== asidOf(vm.id) || !vmsa || immutable;
      })
      .map((range) => ({
        rule: 'a VMSA belongs to its own guest',
        detail: `pfns ${rangeText(range)} of VM ${vm.id}`,
      })),
  );
}

/** The direct map is split for every 2 MiB region with pages of both a guest and the host. */
function directMap({ rmp, directMap: map }: State): readonly Violation[] {
  const regions = new Set(rmp.flatMap(({ start, end }) => [regionOf(start), regionOf(end - 1)]));
  return [...regions]
    .filter((region) => directMapLevel(map, region) === 2 && gaps(rmp, region, region + 512).length > 0)
    .map((region) => ({
      rule: 'the host can write to its own pages',
      detail: `pfns ${rangeText({ start: region, end: region + 512 })}`,
    }));
}

/** Conflicts between the RMP and an SNP guest's leaf that maps guest_memfd pages. */
function contradictions({ rmp }: State, vm: VmState, range: Range, leaf: MappedLeaf): readonly Violation[] {
  if (leaf.frame === 'zero') return [];
  const pfns = { start: range.start + leaf.frame, end: range.end + leaf.frame };
  const asid = asidOf(vm.id);
  const found: Violation[] = gaps(rmp, pfns.start, pfns.end).map((gap) => ({
    rule: 'private mappings map assigned pages',
    detail: `pfns ${rangeText(gap)} of VM ${vm.id}`,
  }));
  for (const { start, end, value } of within(rmp, pfns.start, pfns.end)) {
    const where = `pfns ${rangeText({ start, end })} of VM ${vm.id}`;
    if (value.asid !== asid) found.push({ rule: 'no guest maps the private page of another', detail: where });
    if (leaf.level === 2 && value.pageSize === 1)
      found.push({ rule: 'no 2M leaf maps 4K RMP entries', detail: where });
  }
  return found;
}

function mappings(state: State): readonly Violation[] {
  return state.vms
    .filter(({ type }) => type === 'sev-snp')
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

/** The hypervisor owns the pages that the host maps writable. */
function hostMemory(state: State): readonly Violation[] {
  return state.vms.flatMap(({ id, memories }) =>
    memories.flatMap(({ present }) =>
      present
        .filter(({ value }) => value.kind === 'own')
        .map(pfnsOf)
        .flatMap(({ start, end }) => within(state.rmp, start, end))
        .map((range) => ({
          rule: 'userspace memory is not assigned',
          detail: `pfns ${rangeText(range)} of VM ${id}`,
        })),
    ),
  );
}

export function rmpViolations(state: State): readonly Violation[] {
  return [freedPages, owners, registers, directMap, mappings, hostMemory].flatMap((check) => check(state));
}
