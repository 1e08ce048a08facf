/** Which gfns are private and which shared (KVM_MEMORY_ATTRIBUTE_PRIVATE). */
import { vmAtEnd, vmBefore } from '../../outcome';
import type { Range } from '../../simulator';
import type { Segment } from '../figure';
import type { Moment } from '../moment';
import { overlay } from '../overlay';
import { CHANGED } from '../words';

export function attributeSegments(moment: Moment, gfns: Range): readonly Segment[] {
  return overlay(gfns, vmBefore(moment).privateGfns, vmAtEnd(moment).privateGfns).map((piece) => {
    const word = piece.after === true ? 'private' : 'shared';
    const changed = piece.before !== piece.after;
    const mark = changed ? CHANGED : '';
    return {
      start: piece.start,
      end: piece.end,
      word,
      changed,
      texts: word === 'private' ? [`${mark}private`, `${mark}priv`] : [`${mark}shared`, `${mark}shrd`],
      about: changed ? `${word}, and was ${word === 'private' ? 'shared' : 'private'} before` : word,
    };
  });
}
