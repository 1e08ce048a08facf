import assert from 'node:assert/strict';
import fc from 'fast-check';
import { races as racesOn, wrongIn } from '../../../test/generators/races';

export const races = {
  name: 'races',
  holds:
    'no race of two or three calls on an upstream kernel leaves or uses a stale mapping, leaks, or zaps beyond a slot',
  property: fc.property(fc.oneof(...['linux-7.3', 'linux-6.12'].map((kernel) => racesOn(kernel))), (text) => {
    assert.deepEqual(wrongIn(text), []);
    return true;
  }),
};
