/** What a point of a kernel is: a place in its source, before the code that a step of the simulator stands for. */
import type { RealKernel } from '../catalogue';

/** One value for all kernels, or one for each; null where a kernel lacks it. */
export type PerKernel<T> = T | Readonly<Record<RealKernel, T | null>>;

export interface Point {
  /** Of the simulator's step. A label can have several places: whichever is reached counts. */
  readonly label: string;
  /** Relative to the kernel tree. */
  readonly file: string;
  readonly function: PerKernel<string>;
  /** Text that the function has once. It may be the beginning of a line, or several lines. */
  readonly anchor: PerKernel<string>;
  /** `after` is for what follows the line; default: before it. */
  readonly where?: 'before' | 'after';
  /** C expression of the gfn, so that the guest's own code is left out; default: unknown. */
  readonly gfn?: string;
  /** Below mmu_lock or in an RCU section: a parked thread spins, because it must not sleep. */
  readonly locked?: true;
  /** C condition under which the code that follows is the step. */
  readonly when?: PerKernel<string>;
  /** Among the declarations of a function. */
  readonly declared?: true;
  /** The statement itself, if it is more than the point. */
  readonly code?: string;
}

export function inKernel<T>(value: PerKernel<T>, kernel: RealKernel): T | null {
  return typeof value === 'object' && value !== null && kernel in value
    ? (value as Readonly<Record<RealKernel, T | null>>)[kernel]
    : (value as T);
}

/** The C statement of a point. */
export function statementOf(point: Point, kernel: RealKernel): string {
  const { label, gfn = '0', locked, when, declared, code } = point;
  if (code !== undefined) return code;
  if (declared) return `kvm_point_declared("${label}", ${gfn});`;
  const call = `${locked ? 'kvm_point_locked' : 'kvm_point'}("${label}", ${gfn});`;
  return when === undefined ? call : `if (${inKernel(when, kernel)}) ${call}`;
}
