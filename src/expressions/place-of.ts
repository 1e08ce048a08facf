/** What a data breakpoint on a value would watch. */
import { pageOf } from '../simulator/units';
import type { Place, Watch } from './places';
import type { Scene } from './scene';
import type { Value } from './value';

function gfns({ vmId }: Scene, start: number, end: number): Place {
  return { kind: 'gfns', vm: vmId, start, end };
}

/** The place that a value stands for; null where it stands for none. */
export function placeOf(value: Value, scene: Scene): Place | null {
  switch (value.kind) {
    case 'number': {
      const { value: number, unit } = value;
      if (unit === 'gfn') return gfns(scene, Number(number), Number(number) + 1);
      if (unit === 'pfn') return { kind: 'pfns', start: Number(number), end: Number(number) + 1 };
      return unit === 'bytes' ? gfns(scene, pageOf(number), pageOf(number) + 1) : null;
    }
    case 'range': {
      const { start, end, unit, file } = value;
      if (end <= start) return null;
      if (unit === 'gfn') return gfns(scene, start, end);
      if (unit === 'pfn') return { kind: 'pfns', start, end };
      return file === null ? null : { kind: 'file-pages', file, start, end };
    }
    case 'list':
    case 'record':
      return value.watch?.place ?? null;
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

/** The same, with what is to happen where the value is about that: `slot(0).zapped`. */
export function watchOf(value: Value, scene: Scene): Watch | null {
  if ((value.kind === 'list' || value.kind === 'record') && value.watch !== null) return value.watch;
  const place = placeOf(value, scene);
  return place === null ? null : { place, what: null };
}
