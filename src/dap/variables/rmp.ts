/** The Reverse Map Table: the state of each run of host pages, and the file pages they hold. */
import { counted, filePagesText, hex, levelText, rangeText } from '../../outcome';
import {
  asidOf,
  type Extent,
  gfnOf,
  permissionsOf,
  permissionText,
  type Range,
  type RangeMap,
  type RmpEntry,
  type State,
  within,
} from '../../simulator';
import { memoryReference } from '../memory/reference';
import { as, branch, leaf, part, type VariableNode, withMemory, yesNo } from './node';

/** The file pages at pfns; `delta` is file index minus pfn. */
interface Behind {
  readonly file: string;
  readonly delta: number;
}

/** VMPLs whose permissions an entry stores; VMPL 0 has all permissions. */
const VMPLS = [1, 2, 3];

/** The vCPU, of any VM, whose registers the page holds. */
function vmsaText(state: State, { start, end }: Range): string | null {
  for (const { id, vcpus } of state.vms) {
    const vcpu = vcpus.findIndex(({ vmsa }) => vmsa !== null && vmsa >= start && vmsa < end);
    if (vcpu >= 0) return `registers of vCPU ${vcpu} of VM ${id}`;
  }
  return null;
}

/** Maps pfns to file pages. The uptodate flag does not split a run. */
function filePagesByPfn({ files }: State): RangeMap<Behind> {
  const runs = files
    .flatMap(({ name, cache }) =>
      cache.map(({ start, end, value: { frame } }) => ({
        start: start + frame,
        end: end + frame,
        value: { file: name, delta: -frame },
      })),
    )
    .sort((a, b) => a.start - b.start);
  const joined: Extent<Behind>[] = [];
  for (const run of runs) {
    const last = joined.at(-1);
    const goesOn =
      last?.end === run.start && last.value.file === run.value.file && last.value.delta === run.value.delta;
    if (goesOn) joined[joined.length - 1] = { ...last, end: run.end };
    else joined.push(run);
  }
  return joined;
}

/** `A pages 0x0..0x10`, for each file that owns some of the pages; empty if none does. */
function filePagesTexts(files: RangeMap<Behind>, { start, end }: Range): readonly string[] {
  return within(files, start, end).map(
    ({ start: first, end: last, value: { file, delta } }) =>
      `${file} ${filePagesText([{ start: first + delta, end: last + delta }])}`,
  );
}

function ownerText(state: State, { assigned, asid }: RmpEntry): string {
  if (!assigned) return 'the hypervisor';
  if (asid === 0) return "the host's firmware";
  const owner = state.vms.find(({ id, type }) => type === 'sev-snp' && asidOf(id) === asid);
  return owner === undefined ? `ASID ${asid} (of no VM)` : `VM ${owner.id} (ASID ${asid})`;
}

function gfnsText({ start, end, value }: Extent<RmpEntry>): string {
  return rangeText({ start: gfnOf(value, start), end: gfnOf(value, end) });
}

function entriesText({ start, end, value: { pageSize } }: Extent<RmpEntry>): string {
  const count = Math.ceil((end - start) / (pageSize === 2 ? 512 : 1));
  return `${count} of ${levelText(pageSize)}`;
}

/** Flags shown in the row itself. */
function flagTexts(entry: RmpEntry): readonly string[] {
  const granted = VMPLS.filter((vmpl) => permissionsOf(entry, vmpl) !== 0);
  return [
    ...(entry.assigned ? [entry.validated ? 'validated' : 'not validated'] : []),
    ...(entry.immutable ? ['immutable'] : []),
    ...(entry.vmsa ? ['VMSA'] : []),
    ...granted.map((vmpl) => `VMPL ${vmpl} ${permissionText(permissionsOf(entry, vmpl))}`),
  ];
}

function entryRows(
  state: State,
  extent: Extent<RmpEntry>,
  contents: readonly string[],
): readonly VariableNode[] {
  const { start, end, value: entry } = extent;
  return [
    leaf('owner', ownerText(state, entry)),
    part('pfns', `${rangeText(extent)} (${counted(end - start, 'page')})`),
    part('gfns', entry.assigned ? gfnsText(extent) : 'none'),
    leaf('entries', entriesText(extent)),
    part('validated', yesNo(entry.validated)),
    part('immutable', yesNo(entry.immutable)),
    part('VMSA', yesNo(entry.vmsa), 'vmsa'),
    ...VMPLS.map((vmpl) => part(`VMPL ${vmpl}`, permissionText(permissionsOf(entry, vmpl)), `vmpl${vmpl}`)),
    leaf('contents', contents.join(', ') || 'none'),
  ];
}

function extentNode(state: State, files: RangeMap<Behind>, extent: Extent<RmpEntry>): VariableNode {
  const entry = extent.value;
  const registers = vmsaText(state, extent);
  const contents = [...filePagesTexts(files, extent), ...(registers === null ? [] : [registers])];
  const texts = [
    ownerText(state, entry),
    ...(entry.assigned ? [`gfn ${gfnsText(extent)}`] : []),
    levelText(entry.pageSize),
    ...flagTexts(entry),
    ...contents.slice(0, 1),
    ...(contents.length > 1 ? ['…'] : []),
  ];
  const row = branch(`pfn ${rangeText(extent)}`, texts.join(', '), () => entryRows(state, extent, contents));
  return withMemory(memoryReference({ kind: 'host' }, extent.start), row);
}

/** A row for a run of entries. */
export function entryNode(state: State, extent: Extent<RmpEntry>): VariableNode {
  return extentNode(state, filePagesByPfn(state), extent);
}

export function rmpNodes(state: State): readonly VariableNode[] {
  if (state.rmp.length === 0) return [leaf('all pages', "are the hypervisor's")];
  const files = filePagesByPfn(state);
  return state.rmp.map((extent) => {
    const expression = `rmp(${hex(extent.start)}, ${hex(extent.end - extent.start)})`;
    return as(expression, extentNode(state, files, extent), `${expression}[0]`);
  });
}

/** The kernel's direct map of host memory. */
export function directMapNodes({ directMap }: State): readonly VariableNode[] {
  const split = directMap.map((range) => leaf(`pfn ${rangeText(range)}`, '4K'));
  return [...split, leaf(split.length === 0 ? 'all pages' : 'other pages', '2M or more')];
}
