/** The input of a figure: one statement between two states, seen by one VM. */
import type { Course } from '../language';
import { seenByItsVm } from '../outcome';
import type { Call } from '../simulator/calls';
import type { Event } from '../simulator/events';
import { slotById } from '../simulator/model/state-parts';
import type { State } from '../simulator/state';
import { PAGE_SIZE, pageOf } from '../simulator/units';
import type { Asked } from './figure';

export interface Transition {
  /** Null for statements without a call: `kernel` and the first `vm`. */
  readonly call: Call | null;
  /** How the call is suspended or resumed; undefined for one that runs without interruption. */
  readonly course?: Course | undefined;
  readonly events: readonly Event[];
  readonly before: State;
  readonly after: State;
}

/** The transition as seen by the affected VM. */
export function ofAffectedVm(transition: Transition): Transition {
  return { ...transition, ...seenByItsVm(transition.call, transition, transition.course) };
}

/** The state after the transition alone, without changes. */
export function atRest({ after }: Transition): Transition {
  return { call: null, events: [], before: after, after };
}

/** Pages that bytes `[from, from + size)` touch. */
function pages(from: bigint, size: bigint): { start: number; end: number } {
  return { start: pageOf(from), end: pageOf(from + size + PAGE_SIZE - 1n) };
}

/** The range that a statement names: pages of a file, or gfns; null if it names none. */
export function askedRange({ call, before }: Transition): Asked | null {
  switch (call?.kind) {
    case 'punch':
    case 'allocate':
      return { axis: 'base', keyword: call.kind, ...pages(call.offset, call.size) };
    case 'rmpupdate':
      return { axis: 'base', keyword: call.kind, ...pages(call.offset, call.size) };
    case 'poison':
    case 'psmash':
    case 'rmpread':
      return { axis: 'base', keyword: call.kind, ...pages(call.offset, 1n) };
    case 'host-file-write':
      return { axis: 'base', keyword: 'host write', ...pages(call.offset, 1n) };
    case 'fault':
    case 'rmpquery':
      return { axis: 'gfn', keyword: call.kind, ...pages(call.gpa, 1n) };
    case 'convert':
    case 'prefault':
    case 'launch-update':
    case 'psc':
    case 'pvalidate':
    case 'rmpadjust':
    case 'accept':
      return { axis: 'gfn', keyword: call.kind, ...pages(call.gpa, call.size) };
    case 'discard':
    case 'host': {
      const slot = slotById(before, Number(call.id));
      if (slot === undefined) return null;
      const { start, end } = pages(call.offset, call.kind === 'discard' ? call.size : 1n);
      const keyword = call.kind === 'host' ? `host ${call.access}` : call.kind;
      return { axis: 'gfn', keyword, start: slot.baseGfn + start, end: slot.baseGfn + end };
    }
    default:
      return null;
  }
}
