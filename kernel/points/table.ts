/**
 * All points, by file. The order of points at one place is that of the steps. Anchors are whole statements where possible:
 * short, but unique in their function.
 */
import type { RealKernel } from '../catalogue';
import { FAULT_POINTS } from './faults';
import { FILE_POINTS } from './files';
import { inKernel, type Point } from './point';
import { SLOT_POINTS } from './slots';
import { ZAP_POINTS } from './zaps';

export const POINTS: readonly Point[] = [...FAULT_POINTS, ...ZAP_POINTS, ...SLOT_POINTS, ...FILE_POINTS];

/** Labels that have a point in one of the kernels. */
export const POINT_LABELS: ReadonlySet<string> = new Set(POINTS.map(({ label }) => label));

/** Whether a label has a point in that kernel. */
export function hasPoint(label: string, kernel: RealKernel): boolean {
  return POINTS.some(
    (point) =>
      point.label === label &&
      inKernel(point.function, kernel) !== null &&
      inKernel(point.anchor, kernel) !== null,
  );
}

/** What the points need besides: their control, and the flushes in the trace. */
export const HOOKS: readonly Point[] = [
  {
    ...{ label: 'the control', file: 'virt/kvm/kvm_main.c', function: 'kvm_init_debug' },
    ...{ anchor: 'kvm_debugfs_dir = debugfs_create_dir(', code: 'kvm_points_init();' },
  },
  {
    ...{ label: 'flushes', file: 'virt/kvm/kvm_main.c', function: 'kvm_flush_remote_tlbs' },
    ...{ anchor: '++kvm->stat.generic.remote_tlb_flush_requests;', code: 'kvm_point_flush();' },
  },
];
