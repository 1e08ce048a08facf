/** KVM_EXIT_HYPERCALL with KVM_HC_MAP_GPA_RANGE: KVM asks the VMM to convert memory, and the VMM answers. */
import type { Errno } from '../errno';
import type { Machine } from '../machine';
import { type Control, call, goto, procedure, returns, step } from '../procedure';
import { ioctlSetAttributes } from './attributes';

/** The part of a guest's request that is not answered yet, and how the VMM answers. */
export interface Request {
  vcpu: number;
  gpa: bigint;
  size: bigint;
  to: 'private' | 'shared';
  /** Bytes that the VMM still converts, from `gpa`; null if it converts the whole request. */
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
  /** Bytes that the exits request together. */
  readonly size: bigint;
  /** Page size among the attributes: KVM_MAP_GPA_RANGE_PAGE_SZ_4K or _2M. */
  readonly pageSize: 1 | 2;
  readonly times: number;
}

/** The vCPU exits to the VMM, `times` times. */
export function askVmm(machine: Machine, { vcpu, gpa, to }: Request, asked: Asked): void {
  machine.emit({ type: 'exit', vcpu, reason: 'hypercall', private: to === 'private', gpa, ...asked });
}

interface AnswerLocals extends Request {
  result: Errno | null;
}

/** Returns whether the answer is an error. KVM accepts 0, EAGAIN and EINVAL; the simulated VMM answers 0 or EINVAL. */
export const mapGpaRangeExit = procedure<AnswerLocals>({
  name: 'KVM_EXIT_HYPERCALL',
  source: 'the VMM',
  about: 'The VMM converts all, some or none of the requested gfns, and answers.',
  locals: { ...NO_REQUEST, result: null },
  steps: [
    step(
      'VM1',
      'set the attributes of the gfns that it converts; if there are none, go to VM2',
      (_, { gpa, size, to, converts }) => {
        const part = converts === null || converts > size ? size : converts;
        return part === 0n ? goto('VM2') : call(ioctlSetAttributes, { gpa, size: part, to }, 'result');
      },
    ),
    step(
      'VM2',
      'answer EINVAL if that failed, or if gfns are left that it will not convert later; otherwise 0',
      (_, { size, converts, later, result }) => {
        const whole = converts === null || converts >= size;
        return returns(result !== null || !(whole || later));
      },
    ),
  ],
});

/** Lets the VMM answer the exit. The local `failed` is set if the answer is an error. */
export function vmmAnswers(locals: Request & { piece: bigint; failed: boolean }): Control {
  const { vcpu, gpa, piece, to, converts, later } = locals;
  if (converts !== null) locals.converts = converts > piece ? converts - piece : 0n;
  return call(mapGpaRangeExit, { vcpu, gpa, size: piece, to, converts, later }, 'failed');
}
