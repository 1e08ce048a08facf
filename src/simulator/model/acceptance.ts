/**
 * Which private pages a TDX guest has accepted. The TDX module, not KVM, records it in the secure page tables, of which
 * the mirror root is a copy. A page that KVM adds there is pending until the guest accepts it; the guest loses the
 * contents of a page that KVM removes.
 */
import { put, type Range, type RangeSet, remove, valueAt, within } from '../ranges';
import type { VmState } from '../state';
import type { Level } from '../units';

/** Status of TDG.MEM.PAGE.ACCEPT (TDX module ABI; status names without TDX_). */
export type AcceptResult = 'SUCCESS' | 'OPERAND_INVALID' | 'PAGE_ALREADY_ACCEPTED' | 'PAGE_SIZE_MISMATCH';

/** TDG.MEM.PAGE.ACCEPT of a mapped page; KVM maps private pages as 4K only. */
export function accept(
  { accepted }: Pick<VmState, 'accepted'>,
  gfn: number,
  size: 1 | 2,
): { accepted: RangeSet; result: AcceptResult } {
  if (size === 2) return { accepted, result: gfn % 512 === 0 ? 'PAGE_SIZE_MISMATCH' : 'OPERAND_INVALID' };
  if (valueAt(accepted, gfn) === true) return { accepted, result: 'PAGE_ALREADY_ACCEPTED' };
  return { accepted: put(accepted, gfn, gfn + 1, true), result: 'SUCCESS' };
}

/** What the guest loses with leaves that leave the mirror root (TDH.MEM.PAGE.REMOVE). */
export function forget(
  before: RangeSet,
  runs: readonly (Range & { readonly level: Level })[],
): { accepted: RangeSet; lost: RangeSet } {
  let accepted = before;
  let lost: RangeSet = [];
  for (const { start, end } of runs.filter(({ level }) => level === 1)) {
    for (const part of within(accepted, start, end)) lost = put(lost, part.start, part.end, true);
    accepted = remove(accepted, start, end);
  }
  return { accepted, lost };
}
