/** The kernel's own writes to host memory, through its direct map. */
import type { Machine } from '../machine';
import { type Control, dies } from '../procedure';
import type { Range } from '../ranges';
import { directMapLevel, firstForbidden } from '../rmp/direct-map';
import { entryAt } from '../rmp/entry';

/** Why the RMP forbids a write of the host to `pfn`. */
function reason({ rmp, directMap }: Machine['state'], pfn: number): string {
  if (entryAt(rmp, pfn).assigned) return 'which belongs to a guest';
  const level = directMapLevel(directMap, pfn) === 2 ? ', in the same 2M mapping of the direct map' : '';
  return `beside a page of a guest${level}`;
}

/**
 * A write of the kernel to pfns `[start, end)`. If the RMP forbids it, the kernel kills the task (arch/x86/mm/fault.c: a
 * kernel fault with the RMP bit has no handler); otherwise returns undefined.
 */
export function hostWrites(machine: Machine, range: Range): Control | undefined {
  const pfn = firstForbidden(machine.state, range);
  if (pfn === null) return undefined;
  const where = `pfn 0x${pfn.toString(16)}, ${reason(machine.state, pfn)}`;
  machine.emit({ type: 'oops', text: `host #PF with the RMP bit on a kernel write to ${where}` });
  return dies();
}

/**
 * End of the pfns of `[start, end)`, none of them assigned, that can be zeroed and assigned to a guest in one step, with
 * the same result as page by page: they end before the first page that the host cannot write to. If the direct map is
 * not split, the first assigned page already forbids the write to the next. At least one page.
 */
export function togetherUntil({ state, vm, kernel }: Machine, { start, end }: Range): number {
  if (vm.type === 'sev-snp' && kernel.choices['direct-map'] === 'keep') return start + 1;
  return Math.max(firstForbidden(state, { start, end }) ?? end, start + 1);
}
