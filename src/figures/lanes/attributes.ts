/** Private and shared gfns (KVM_MEMORY_ATTRIBUTE_PRIVATE). */
import type { Range } from '../../simulator/ranges';
import type { Segment } from '../figure';
import { CHANGED } from '../lane-words';
import { overlay } from '../overlay';
import type { Transition } from '../transition';

export function attributeSegments({ before, after }: Transition, gfns: Range): readonly Segment[] {
  return overlay(gfns, before.privateGfns, after.privateGfns).map((piece) => {
    const word = piece.after === true ? 'private' : 'shared';
    const changed = piece.before !== piece.after;
    const mark = changed ? CHANGED : '';
    return {
      start: piece.start,
      end: piece.end,
      word,
      changed,
      texts: word === 'private' ? [`${mark}private`, `${mark}priv`] : [`${mark}shared`, `${mark}shrd`],
      about: changed ? `${word}, previously ${word === 'private' ? 'shared' : 'private'}` : word,
    };
  });
}
