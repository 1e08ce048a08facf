/** What the firmware does to entries of the RMP: it alone changes pages that are immutable (SEV-SNP firmware ABI). */
import { type Range, update } from '../ranges';
import type { Rmp } from './entry';

/** INITIAL_VMSA_GPA: where the RMP has the initial registers of every vCPU, an address that no guest can use. */
export const INITIAL_VMSA_GFN = 0xfffffffff;

/** SNP_LAUNCH_UPDATE: Pre-Guest pages become Guest-Valid; `vmsa` for pages of registers. */
export function firmwareAccepts(rmp: Rmp, { start, end }: Range, vmsa: boolean): Rmp {
  return update(rmp, start, end, (entry) => ({ ...entry, immutable: false, validated: true, vmsa }));
}

/** SNP_PAGE_RECLAIM: Pre-Guest pages become Guest-Invalid, which the hypervisor may take back. */
export function firmwareReclaims(rmp: Rmp, { start, end }: Range): Rmp {
  return update(rmp, start, end, (entry) => ({ ...entry, immutable: false }));
}
