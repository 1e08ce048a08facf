/** KVM_EXIT_HYPERCALL with KVM_HC_MAP_GPA_RANGE: KVM asks the VMM to convert memory, and the VMM answers. */
import type { Errno } from '../errno';
import type { Machine } from '../machine';
import { type Control, call, goto, procedure, returns, step } from '../procedure';
import { ioctlSetAttributes } from './attributes';

/** What the guest asks for and has not got yet, and how the VMM answers. */
export interface Request {
  vcpu: number;
  gpa: bigint;
  size: bigint;
  to: 'private' | 'shared';
  /** Bytes that the VMM still converts, from `gpa` on; null: all that it is asked for. */
  converts: bigint | null;
  /** Whether the VMM answers 0 although it has not converted everything. */
  later: boolean;
}

export const NO_REQUEST: Request = {
  vcpu: 0,
  gpa: 0n,
  size: 0n,
  to: 'private',
  converts: null,
  later: false,
};

interface Asked {
  /** Bytes that the exits ask for together. */
  readonly size: bigint;
  /** Page size among the attributes: KVM_MAP_GPA_RANGE_PAGE_SZ_4K or _2M. */
  readonly pageSize: 1 | 2;
  readonly times: number;
}

/** The vCPU leaves for the VMM, `times` times. */
export function askVmm(machine: Machine, { vcpu, gpa, to }: Request, asked: Asked): void {
  machine.emit({ type: 'exit', vcpu, reason: 'hypercall', private: to === 'private', gpa, ...asked });
}

interface AnswerLocals extends Request {
  result: Errno | null;
}

/** Returns whether the answer is an error. KVM takes 0, EAGAIN and EINVAL as answers; here the VMM gives 0 or EINVAL. */
export const mapGpaRangeExit = procedure<AnswerLocals>({
  name: 'KVM_EXIT_HYPERCALL',
  source: 'the VMM',
  about: 'The VMM is asked to convert gfns: it converts them all, some or none, and answers.',
  locals: { ...NO_REQUEST, result: null },
  steps: [
    step(
      'VM1',
      'set the attributes of what it converts; nothing: go to VM2',
      (_, { gpa, size, to, converts }) => {
        const part = converts === null || converts > size ? size : converts;
        return part === 0n ? goto('VM2') : call(ioctlSetAttributes, { gpa, size: part, to }, 'result');
      },
    ),
    step(
      'VM2',
      'answer EINVAL if that failed, or if it did not convert everything and does not mean to do so later; else 0',
      (_, { size, converts, later, result }) => {
        const whole = converts === null || converts >= size;
        return returns(result !== null || !(whole || later));
      },
    ),
  ],
});

/** Has the VMM answer the exit; the local `failed` gets whether the answer is an error. */
export function vmmAnswers(locals: Request & { piece: bigint; failed: boolean }): Control {
  const { vcpu, gpa, piece, to, converts, later } = locals;
  if (converts !== null) locals.converts = converts > piece ? converts - piece : 0n;
  return call(mapGpaRangeExit, { vcpu, gpa, size: piece, to, converts, later }, 'failed');
}
