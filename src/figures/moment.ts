/** What a figure is drawn from: one statement between two states, and the VM that it affects. */
import type { Course } from '../language';
import { type Around, vmBefore } from '../outcome';
import { type Call, type Event, PAGE_SIZE, pageOf, slotById } from '../simulator';
import type { Asked } from './figure';

export interface Moment extends Around {
  /** Null for statements that only set the scene: `kernel` and the first `vm`. */
  readonly call: Call | null;
  /** How the call runs among others; not there for those that run by themselves. */
  readonly course?: Course | undefined;
  readonly events: readonly Event[];
}

/** The state after the moment alone: nothing has changed. */
export function atRest({ after, vmId }: Moment): Moment {
  return { call: null, events: [], before: after, after, vmId };
}

/** Pages that bytes `[from, from + size)` touch. */
function pages(from: bigint, size: bigint): { start: number; end: number } {
  return { start: pageOf(from), end: pageOf(from + size + PAGE_SIZE - 1n) };
}

/** The range that a statement names: pages of a file, or gfns; null where it names none. */
export function askedRange(moment: Moment): Asked | null {
  const { call } = moment;
  switch (call?.kind) {
    case undefined:
    case 'gmem':
    case 'slot':
    case 'delete':
    case 'move':
    case 'truncate':
    case 'close':
    case 'vm':
    case 'switch':
    case 'launch-finish':
      return null;
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
      const slot = slotById(vmBefore(moment), Number(call.id));
      if (slot === undefined) return null;
      const { start, end } = pages(call.offset, call.kind === 'discard' ? call.size : 1n);
      const keyword = call.kind === 'host' ? `host ${call.access}` : call.kind;
      return { axis: 'gfn', keyword, start: slot.baseGfn + start, end: slot.baseGfn + end };
    }
  }
}
