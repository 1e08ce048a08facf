/** RMP changes by the firmware, which alone can change immutable pages (SEV-SNP firmware ABI). */
import { type Range, update } from '../ranges';
import type { Rmp } from './entry';

/** INITIAL_VMSA_GPA: the gfn in the RMP entry of every vCPU's initial registers, which no guest can use. */
export const INITIAL_VMSA_GFN = 0xfffffffff;

/** SNP_LAUNCH_UPDATE: Pre-Guest pages become Guest-Valid; `vmsa` is set for register pages. */
export function firmwareAccepts(rmp: Rmp, { start, end }: Range, vmsa: boolean): Rmp {
  return update(rmp, start, end, (entry) => ({ ...entry, immutable: false, validated: true, vmsa }));
}

/** SNP_PAGE_RECLAIM: Pre-Guest pages become Guest-Invalid, which the hypervisor can take back. */
export function firmwareReclaims(rmp: Rmp, { start, end }: Range): Rmp {
  return update(rmp, start, end, (entry) => ({ ...entry, immutable: false }));
}
