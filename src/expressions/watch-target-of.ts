/** Finds the watch target of a value, for data breakpoints. */
import { pageOf } from '../simulator';
import type { EvaluationContext } from './evaluation-context';
import type { Value } from './value';
import type { Watch, WatchTarget } from './watch-target';

function gfns({ vmId }: EvaluationContext, start: number, end: number): WatchTarget {
  return { kind: 'gfns', vm: vmId, start, end };
}

/** The watch target of a value; null if it has none. */
export function watchTargetOf(value: Value, context: EvaluationContext): WatchTarget | null {
  switch (value.kind) {
    case 'number': {
      const { value: number, unit } = value;
      if (unit === 'gfn') return gfns(context, Number(number), Number(number) + 1);
      if (unit === 'pfn') return { kind: 'pfns', start: Number(number), end: Number(number) + 1 };
      return unit === 'bytes' ? gfns(context, pageOf(number), pageOf(number) + 1) : null;
    }
    case 'range': {
      const { start, end, unit, file } = value;
      if (end <= start) return null;
      if (unit === 'gfn') return gfns(context, start, end);
      if (unit === 'pfn') return { kind: 'pfns', start, end };
      return file === null ? null : { kind: 'file-pages', file, start, end };
    }
    case 'list':
    case 'record':
      return value.watch?.target ?? null;
    case 'slot':
      return { kind: 'slot', vm: value.vm.id, slot: value.slot.id };
    case 'file':
      return { kind: 'file-pages', file: value.file.name, start: 0, end: value.file.pages };
    case 'file-pages':
      return { kind: 'file-pages', file: value.file.name, start: value.pages.start, end: value.pages.end };
    case 'binding':
      return { kind: 'file-pages', file: value.file.name, start: value.bound.start, end: value.bound.end };
    case 'leaf':
      return { kind: 'gfns', vm: value.vm.id, start: value.leaf.start, end: value.leaf.end };
    case 'rmp-entry':
      return { kind: 'pfns', start: value.entry.start, end: value.entry.end };
    default:
      return null;
  }
}

/** The watch of a value, with the kind of change if the value names one: `slot(0).zapped`. */
export function watchOf(value: Value, context: EvaluationContext): Watch | null {
  if ((value.kind === 'list' || value.kind === 'record') && value.watch !== null) return value.watch;
  const target = watchTargetOf(value, context);
  return target === null ? null : { target, what: null };
}
