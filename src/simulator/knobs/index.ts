/** All knobs, in the order of the reference. */
import { CONFIDENTIAL_KNOBS } from './confidential';
import { FAULT_KNOBS } from './faults';
import { FILE_KNOBS } from './files';
import { HOST_KNOBS } from './host';
import { INVALIDATION_KNOBS } from './invalidation';

export const KNOBS = [
  ...INVALIDATION_KNOBS,
  ...FILE_KNOBS,
  ...FAULT_KNOBS,
  ...HOST_KNOBS,
  ...CONFIDENTIAL_KNOBS,
] as const;

export type Knob = (typeof KNOBS)[number]['name'];
export type VariantOf<K extends Knob> = Extract<
  (typeof KNOBS)[number],
  { name: K }
>['variants'][number]['name'];
