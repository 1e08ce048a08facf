import type { Statement } from '../../language';
import { hex, markdownCode } from '../../outcome';
import {
  asidOf,
  directMapLevel,
  elementAt,
  entryAt,
  filePagesOfGfns,
  firstForbidden,
  type GmemFile,
  gfnOf,
  type HostedVm,
  permissionsOf,
  permissionText,
  type Slot,
  type State,
  slotAt,
  valueAt,
} from '../../simulator';
import { fileOf, gfnRange, offsetRange } from '../arithmetic';

/** Hover texts about the RMP, in Markdown. */

/** The owner of an ASID. */
export function asidFacts(asid: bigint, state: State): string[] {
  if (asid === 0n) return ['no guest: the host and its firmware'];
  const vm = state.vms.find(({ id }) => BigInt(asidOf(id)) === asid);
  return [vm === undefined ? `no VM has ASID ${asid}` : `the guest of VM ${vm.id}`];
}

/** VMPLs whose permissions an entry stores; VMPL 0 has all permissions. */
const LOWER_VMPLS = [1, 2, 3];

function entryText(pfn: number, state: State): string {
  const entry = entryAt(state.rmp, pfn);
  if (!entry.assigned) return entry.immutable ? 'firmware' : 'hypervisor';
  const flags = [
    entry.validated ? 'validated' : 'not validated',
    entry.vmsa ? 'VMSA' : '',
    entry.immutable ? 'immutable' : '',
  ].filter(Boolean);
  const granted = LOWER_VMPLS.filter((vmpl) => permissionsOf(entry, vmpl) !== 0);
  const permissions = granted.map((vmpl) => `VMPL ${vmpl} ${permissionText(permissionsOf(entry, vmpl))}`);
  const size = entry.pageSize === 2 ? '2M' : '4K';
  return [`ASID ${entry.asid} gfn ${hex(gfnOf(entry, pfn))}`, size, ...flags, ...permissions].join(' · ');
}

function pageFacts(file: GmemFile, index: number, state: State): string[] {
  const page = valueAt(file.cache, index);
  if (page === undefined) return [`${markdownCode(file.name)} page ${hex(index)} is not allocated`];
  const pfn = index + page.frame;
  return [`RMP of ${markdownCode(file.name)} page ${hex(index)} (pfn ${hex(pfn)}): ${entryText(pfn, state)}`];
}

/** Level at which the kernel's direct map maps the page, and what that means. */
function directMapFacts(file: GmemFile, index: number, { rmp, directMap }: State): string[] {
  const page = valueAt(file.cache, index);
  if (page === undefined) return [];
  const pfn = index + page.frame;
  const forbidden = firstForbidden({ rmp, directMap }, { start: pfn, end: pfn + 1 }) !== null;
  const level = directMapLevel(directMap, pfn) === 2 ? '2M or more' : '4K';
  return [`direct map: ${level} · the host ${forbidden ? 'cannot write' : 'can write'}`];
}

/** The RMP entry of a statement's file page. */
export function fileRmpFacts(statement: Statement, state: State): string[] {
  const file = fileOf(statement, state);
  const pages = offsetRange(statement);
  if (file === null || pages === null) return [];
  return [...pageFacts(file, pages.start, state), ...directMapFacts(file, pages.start, state)];
}

function indexIn(slot: Slot, pgoff: number, gfn: number): number {
  return filePagesOfGfns(slot, pgoff, { start: gfn, end: gfn + 1 }).start;
}

/** The file page that backs the first gfn of a statement, for a guest with an RMP. */
function backing(statement: Statement, { state, vm }: HostedVm): { file: GmemFile; index: number } | null {
  const gfns = gfnRange(statement);
  const slot = gfns === null || vm.type !== 'sev-snp' ? undefined : slotAt(vm, gfns.start);
  if (gfns === null || !slot?.gmem || slot.gmem.file === null) return null;
  return { file: elementAt(state.files, slot.gmem.file), index: indexIn(slot, slot.gmem.pgoff, gfns.start) };
}

/** The RMP entry of that page. */
export function guestRmpFacts(statement: Statement, at: HostedVm): string[] {
  const behind = backing(statement, at);
  return behind === null ? [] : pageFacts(behind.file, behind.index, at.state);
}

/** A privilege level, and its permissions to the statement's page. */
export function vmplFacts(vmpl: bigint, statement: Statement, at: HostedVm): string[] {
  if (vmpl > 3n) return [`there is no VMPL ${vmpl}: a CPU has VMPLs 0 to 3`];
  const level =
    vmpl === 0n ? 'the highest privilege level: it has every permission' : `below VMPL ${vmpl - 1n}`;
  const lines = [`**VMPL ${vmpl}**: ${level}`];
  const behind = backing(statement, at);
  const page = behind === null ? undefined : valueAt(behind.file.cache, behind.index);
  if (behind === null || page === undefined) return lines;
  const entry = entryAt(at.state.rmp, behind.index + page.frame);
  if (!entry.assigned || vmpl === 0n) return lines;
  return [...lines, `its permissions to the page: ${permissionText(permissionsOf(entry, Number(vmpl)))}`];
}
