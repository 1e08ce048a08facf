/**
 * What holds of one statement on a SEV-SNP host: that an access which went through was one that the RMP allows, and that a
 * page which KVM made private got the address at which it is bound. Written from the rules (APM volume 2, "RMP and VMPL
 * access checks"), without the code that is judged by them.
 */
import type { Executed } from '../../src/outcome';
import { outcomeOf } from '../../src/outcome';
import type { Call } from '../../src/simulator/calls';
import { valueAt } from '../../src/simulator/ranges';
import { INITIAL_VMSA_GFN } from '../../src/simulator/rmp/firmware';
import type { MappedLeaf, State, VmState } from '../../src/simulator/state';
import type { Violation } from '../../src/simulator/violation';

const PAGE = 4096n;
const HUGE = 512;

/** What the RMP says of a page, with the gfn that it has it at; null where the entry is all zero. */
function entryOf({ rmp }: State, pfn: number) {
  const entry = valueAt(rmp, pfn);
  return entry === undefined ? null : { ...entry, gfn: pfn + entry.gfnDelta };
}

/** The leaf by which a vCPU of a SEV-SNP guest reaches a gfn. */
function leafOf({ roots, vcpus }: VmState, vcpu: number, gfn: number): MappedLeaf | null {
  const root = roots.find(({ id }) => id === vcpus[vcpu]?.root);
  const leaf = root === undefined ? undefined : valueAt(root.leaves, gfn);
  return leaf?.kind === 'mapped' ? leaf : null;
}

/** The zero page is the hypervisor's. */
function pfnOf({ frame }: MappedLeaf, gfn: number): number {
  return frame === 'zero' ? 0 : gfn + frame;
}

type Fault = Extract<Call, { kind: 'fault' }>;
type Instruction = Extract<Call, { kind: 'pvalidate' | 'rmpadjust' | 'rmpquery' }>;

/** Bits of a VMPL's permissions. */
const RIGHT = { read: 1, write: 2, exec: 4 } as const;

/** Why the RMP does not have the page as the guest's own, at that gfn; null where it has. */
function notOwn({ after: state, vmId }: Executed, pfn: number, gfn: number): string | null {
  const entry = entryOf(state, pfn);
  if (entry?.assigned !== true) return 'is not assigned';
  if (entry.immutable) return 'is immutable';
  if (entry.asid !== vmId + 1) return `is of ASID ${entry.asid}`;
  return entry.gfn === gfn ? null : `is at gfn 0x${entry.gfn.toString(16)}`;
}

/** Why the RMP does not let the guest have a page with the C-bit; null where it does. */
function privately(
  done: Executed,
  { access, vmpl = 0 }: Fault,
  leaf: MappedLeaf,
  gfn: number,
): string | null {
  const pfn = pfnOf(leaf, gfn);
  const entry = entryOf(done.after, pfn);
  const other = notOwn(done, pfn, gfn);
  if (entry === null || other !== null) return other;
  if (leaf.level < entry.pageSize) return 'has an entry larger than its mapping';
  if (!entry.validated) return 'is not validated';
  const granted = vmpl === 0 ? 15 : entry.permissions >> ((vmpl - 1) * 4);
  return (granted & RIGHT[access]) === 0 ? `is not VMPL ${vmpl}'s to ${access}` : null;
}

/** Of an access that went through, what the RMP has against it. */
function accessed(call: Fault, done: Executed): string | null {
  const { before, after, vmId } = done;
  const gfn = Number(call.gpa / PAGE);
  const leaf = leafOf(after.vms[vmId]!, call.vcpu, gfn);
  if (leaf === null) return 'is not mapped';
  const byAttribute = valueAt(before.vms[vmId]!.privateGfns, gfn) === true;
  if (call.access === 'exec' || (call.private ?? byAttribute)) return privately(done, call, leaf, gfn);
  const isAssigned = entryOf(after, pfnOf(leaf, gfn))?.assigned === true;
  return call.access === 'write' && isAssigned ? 'is assigned' : null;
}

/** Of an instruction that succeeded, what the RMP has against it. */
function executed(call: Instruction, done: Executed): string | null {
  const { after, vmId } = done;
  const gfn = Number(call.gpa / PAGE);
  const leaf = leafOf(after.vms[vmId]!, call.vcpu, gfn);
  if (leaf === null || leaf.frame === 'zero') return 'is not mapped';
  const pfn = gfn + leaf.frame;
  const pages = 'size' in call ? Number(call.size / PAGE) : 1;
  for (const at of [0, pages - 1]) {
    const other = notOwn(done, pfn + at, gfn + at);
    if (other !== null) return other;
    const validated = entryOf(after, pfn + at)?.validated;
    if (call.kind === 'pvalidate' && validated !== call.validate) return 'was not changed';
    if (call.kind === 'rmpadjust' && validated !== true) return 'is not validated';
  }
  return null;
}

/** Of a page that the host wrote to, what the RMP had against it: the page, or one that its mapping has too. */
function writtenByHost({ rmp, directMap }: State, pfn: number): string | null {
  const first = valueAt(directMap, pfn) === true ? pfn : pfn - (pfn % HUGE);
  const last = first === pfn ? pfn : first + HUGE - 1;
  return rmp.some(({ start, end }) => start <= last && end > first) ? 'is not the host’s' : null;
}

/** The page that the host wrote to. */
function hostPage(call: Call, { before, after, vmId }: Executed): number | null {
  if (call.kind === 'host-file-write') {
    const index = Number(call.offset / PAGE);
    const page = valueAt(before.files.findLast(({ name }) => name === call.name)?.cache ?? [], index);
    return page === undefined ? null : index + page.frame;
  }
  if (call.kind !== 'host' || call.access !== 'write') return null;
  const page = Number(call.offset / PAGE);
  const there = valueAt(
    after.vms[vmId]!.memories.find(({ id }) => BigInt(id) === call.id)?.present ?? [],
    page,
  );
  return there?.kind === 'own' ? page + there.frame : null;
}

/** Of a #VC for a page that is not validated, what the RMP has against that: it comes after the question whose page it is. */
function notValidated(call: Fault | Instruction, done: Executed): string | null {
  const { after, vmId } = done;
  const gfn = Number(call.gpa / PAGE);
  const leaf = leafOf(after.vms[vmId]!, call.vcpu, gfn);
  if (leaf === null || leaf.frame === 'zero') return 'is not mapped';
  const pfn = gfn + leaf.frame;
  return notOwn(done, pfn, gfn) ?? (entryOf(after, pfn)?.validated === true ? 'is validated' : null);
}

function againstAccess(done: Executed): string | null {
  const { call } = done.statement;
  const { result, guest, instruction } = outcomeOf(done.events);
  if (result !== 'ok') return null;
  const exception = done.events.findLast((event) => event.type === 'guest-exception');
  if (exception?.why === 'not-validated' && 'gpa' in call && 'vcpu' in call) {
    return notValidated(call as Fault | Instruction, done);
  }
  if (guest !== undefined) return null;
  const written = hostPage(call, done);
  if (written !== null) return writtenByHost(done.after, written);
  if (done.after.vms[done.vmId]!.type !== 'sev-snp') return null;
  switch (call.kind) {
    case 'fault':
      return done.events.some(({ type }) => type === 'exit') ? null : accessed(call, done);
    case 'pvalidate':
    case 'rmpadjust':
    case 'rmpquery':
      return instruction?.result === 'SUCCESS' ? executed(call, done) : null;
    default:
      return null;
  }
}

/** gfn minus pfn, for each page of a file that a slot is bound to. */
function boundDeltas(state: State, pfn: number): readonly { delta: number; gfn: number }[] {
  return state.vms.flatMap(({ slots }) =>
    slots.flatMap(({ gmem, baseGfn, pages }) => {
      if (gmem === null || gmem.file === null) return [];
      const cache = state.files[gmem.file]?.cache ?? [];
      const run = cache.find(
        ({ start, end, value }) => pfn >= start + value.frame && pfn < end + value.frame,
      );
      if (run === undefined) return [];
      const gfn = baseGfn + (pfn - run.value.frame) - gmem.pgoff;
      // The folio may begin before the slot does.
      return gfn > baseGfn - HUGE && gfn < baseGfn + pages ? [{ delta: gfn - pfn, gfn }] : [];
    }),
  );
}

/**
 * Pages that KVM made a guest's have, in the RMP, the gfn at which a slot has them at that moment. A 2M entry where gfns
 * and pages differ modulo 2 MiB has it rounded down, which is how the code of 6.12 has it: such a page is never reached.
 */
function converted({ statement, events, after }: Executed): readonly Violation[] {
  if (statement.call.kind === 'rmpupdate') return [];
  return events.flatMap((event) => {
    if (event.type !== 'rmp' || event.change !== 'private') return [];
    const { start, gfn, level } = event;
    if (gfn === INITIAL_VMSA_GFN) return [];
    const rounded = (one: number) => (level === 2 ? one - (one % HUGE) : one);
    if (boundDeltas(after, start).some((bound) => rounded(bound.gfn) === gfn)) return [];
    const detail = `pfn 0x${start.toString(16)} at gfn 0x${gfn?.toString(16)}`;
    return [{ rule: 'a page becomes private at the gfn at which it is bound', detail }];
  });
}

/** What of a statement is against the rules. */
export function brokenBy(done: Executed): readonly Violation[] {
  const against = againstAccess(done);
  const rule = 'an access is one that the RMP allows';
  return [...(against === null ? [] : [{ rule, detail: `the page ${against}` }]), ...converted(done)];
}
