/** Expressions over the simulated machine: people type them to inspect it and as breakpoint conditions. */
export { type Change, changesOf, type Happening } from './changes';
export { complete } from './complete';
export { evaluate, evaluateNode } from './evaluate';
export { currentVmOf, type Effects, type EvaluationContext } from './evaluation-context';
export { helpText } from './help';
export { type HitCondition, meetsHitCondition, parseHitCondition } from './hit-condition';
export { type ExpressionAt, expressionAt, subjectAt } from './in-scenario';
export { localOf, unitOf } from './locals';
export { fieldsOf } from './members';
export { changedPages } from './members/general';
export { outcomeFields } from './names';
export { hasRmp } from './pages';
export { parse } from './parse';
export { fillTemplate, parseTemplate, type Template, templateProblem } from './template';
export { type ExpressionProblem, isProblem, type Node } from './tree';
export {
  type FieldValue,
  holds,
  kindText,
  type ListValue,
  type RangeValue,
  type Unit,
  type Value,
} from './value';
export {
  CHANGE_KINDS,
  CHANGE_KINDS_OF,
  type ChangeKind,
  parseWatch,
  type Watch,
  type WatchTarget,
  watchTargetText,
  watchText,
} from './watch-target';
export { watchOf } from './watch-target-of';
