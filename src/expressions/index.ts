/** Expressions over the simulated machine: what people type to look at it, and to say when to stop. */

export { type Change, changesOf, type Happening } from './changes';
export { complete } from './complete';
export { evaluate, evaluateNode } from './evaluate';
export { helpText } from './help';
export { type HitCondition, meetsHitCondition, parseHitCondition } from './hit-condition';
export { type ExpressionAt, expressionAt, subjectAt } from './in-scenario';
export { localOf, unitOf } from './locals';
export { fieldsOf } from './members';
export { changedPages } from './members/general';
export { outcomeFields } from './names';
export { hasRmp } from './pages';
export { parse } from './parse';
export { placeOf, watchOf } from './place-of';
export {
  type Place,
  parseWatch,
  placeText,
  type Watch,
  WHATS,
  WHATS_OF,
  type What,
  watchText,
} from './places';
export { type Effects, type Scene, vmOfScene } from './scene';
export { fillTemplate, parseTemplate, type Template, templateProblem } from './template';
export { isProblem, type Node, type Problem } from './tree';
export {
  type FieldValue,
  holds,
  kindText,
  type ListValue,
  type RangeValue,
  type Unit,
  type Value,
} from './value';
