/** All requests, and the phases in which each is served. */
import type { Handler, Phase } from '../context';
import { breakpointLocations, setBreakpoints, setExceptionBreakpoints } from './breakpoints';
import { cancel } from './cancel';
import { nextChoice, order, previousChoice } from './choices';
import {
  continueRun,
  next,
  pause,
  reverseContinue,
  stepBack,
  stepBackInto,
  stepBackOut,
  stepIn,
  stepOut,
} from './control';
import { dataBreakpointInfo, lastChange, setDataBreakpoints } from './data-breakpoints';
import { completions, evaluate, leave } from './evaluate';
import { setFunctionBreakpoints } from './function-breakpoints';
import {
  exceptionInfo,
  focus,
  loadedSources,
  scopes,
  source,
  stackTrace,
  stepInTargets,
  threads,
  variables,
} from './inspect';
import { attach, configurationDone, disconnect, initialize, launch, restart, restartHere } from './lifecycle';
import { readMemory } from './memory';
import { memoryMap } from './memory-map';
import { goTo, goToTick, gotoTargets, restartFrame, timeline } from './moments';

export interface RequestSpec {
  readonly phases: readonly Phase[];
  readonly handle: Handler;
}

const ANY: readonly Phase[] = ['new', 'initialized', 'loading', 'loaded', 'stopped', 'running', 'ended'];
const INITIALIZED: readonly Phase[] = ['initialized', 'loading', 'loaded', 'stopped', 'running', 'ended'];
const LOADED: readonly Phase[] = ['loaded', 'stopped', 'running'];
const STOPPED: readonly Phase[] = ['stopped'];

export const REQUESTS: ReadonlyMap<string, RequestSpec> = new Map<string, RequestSpec>([
  ['initialize', { phases: ['new'], handle: initialize }],
  ['launch', { phases: ['initialized'], handle: launch }],
  ['attach', { phases: INITIALIZED, handle: attach }],
  ['configurationDone', { phases: ['loaded'], handle: configurationDone }],
  ['restart', { phases: LOADED, handle: restart }],
  ['disconnect', { phases: ANY, handle: disconnect }],
  ['setBreakpoints', { phases: INITIALIZED, handle: setBreakpoints }],
  ['setFunctionBreakpoints', { phases: INITIALIZED, handle: setFunctionBreakpoints }],
  ['dataBreakpointInfo', { phases: STOPPED, handle: dataBreakpointInfo }],
  ['setDataBreakpoints', { phases: INITIALIZED, handle: setDataBreakpoints }],
  ['setExceptionBreakpoints', { phases: INITIALIZED, handle: setExceptionBreakpoints }],
  ['breakpointLocations', { phases: LOADED, handle: breakpointLocations }],
  ['continue', { phases: STOPPED, handle: continueRun }],
  ['next', { phases: STOPPED, handle: next }],
  ['stepIn', { phases: STOPPED, handle: stepIn }],
  ['stepOut', { phases: STOPPED, handle: stepOut }],
  ['stepBack', { phases: STOPPED, handle: stepBack }],
  ['reverseContinue', { phases: STOPPED, handle: reverseContinue }],
  ['pause', { phases: ['running'], handle: pause }],
  ['cancel', { phases: INITIALIZED, handle: cancel }],
  ['stepInTargets', { phases: STOPPED, handle: stepInTargets }],
  ['gotoTargets', { phases: STOPPED, handle: gotoTargets }],
  ['goto', { phases: STOPPED, handle: goTo }],
  ['restartFrame', { phases: STOPPED, handle: restartFrame }],
  ['threads', { phases: INITIALIZED, handle: threads }],
  ['stackTrace', { phases: STOPPED, handle: stackTrace }],
  ['scopes', { phases: STOPPED, handle: scopes }],
  ['variables', { phases: STOPPED, handle: variables }],
  ['source', { phases: [...LOADED, 'ended'], handle: source }],
  ['loadedSources', { phases: LOADED, handle: loadedSources }],
  ['readMemory', { phases: STOPPED, handle: readMemory }],
  ['evaluate', { phases: STOPPED, handle: evaluate }],
  ['completions', { phases: STOPPED, handle: completions }],
  ['exceptionInfo', { phases: STOPPED, handle: exceptionInfo }],
  // Custom requests; see their handlers.
  ['gmemscope/focus', { phases: INITIALIZED, handle: focus }],
  ['gmemscope/goTo', { phases: STOPPED, handle: goToTick }],
  ['gmemscope/lastChange', { phases: STOPPED, handle: lastChange }],
  ['gmemscope/leaveBranch', { phases: STOPPED, handle: leave }],
  ['gmemscope/nextChoice', { phases: STOPPED, handle: nextChoice }],
  ['gmemscope/order', { phases: STOPPED, handle: order }],
  ['gmemscope/previousChoice', { phases: STOPPED, handle: previousChoice }],
  ['gmemscope/memoryMap', { phases: STOPPED, handle: memoryMap }],
  ['gmemscope/restartHere', { phases: ['stopped', 'running'], handle: restartHere }],
  ['gmemscope/stepBackInto', { phases: STOPPED, handle: stepBackInto }],
  ['gmemscope/stepBackOut', { phases: STOPPED, handle: stepBackOut }],
  ['gmemscope/timeline', { phases: LOADED, handle: timeline }],
]);

const WHY_NOT: Readonly<Record<Phase, string>> = {
  new: 'The first request must be initialize.',
  initialized: 'No scenario is loaded: send launch first.',
  loading: 'The scenario is still being loaded.',
  loaded: 'The scenario is loaded but has not started: send configurationDone first.',
  stopped: 'The scenario is loaded and stopped.',
  running: 'The scenario is running: pause it first.',
  ended: 'The session has ended.',
};

/** Why a request cannot be served in a phase; null if it can. */
export function refusal({ phases }: RequestSpec, command: string, phase: Phase): string | null {
  if (phases.includes(phase)) return null;
  if (command === 'initialize') return 'The session is initialized already.';
  return `${command} is not possible now. ${WHY_NOT[phase]}`;
}
