/** Which gfns are private and which shared (KVM_MEMORY_ATTRIBUTE_PRIVATE). */
import { vmAtEnd, vmBefore } from '../../outcome';
import type { Range } from '../../simulator';
import type { Segment } from '../figure';
import { CHANGED } from '../lane-words';
import { overlay } from '../overlay';
import type { Transition } from '../transition';

export function attributeSegments(transition: Transition, gfns: Range): readonly Segment[] {
  return overlay(gfns, vmBefore(transition).privateGfns, vmAtEnd(transition).privateGfns).map((piece) => {
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
