/**
 * One order of a race, run twice: on rows of the explorer, where what no later step can tell apart has one name, and on
 * states of the simulator, where everything keeps its number. Two states of one row have the same future if every step
 * does the same in both.
 */
import assert from 'node:assert/strict';
import type { CompiledStatement } from '../../src/language';
import { stepStatements } from '../../src/outcome';
import {
  firstMoment,
  freedMappings,
  initialState,
  type State,
  startCall,
  stateOf,
  stepTask,
  type TracedEvent,
} from '../../src/simulator';
import { explored, programOf, withoutFrameNumbers } from './exploring';
import { isSeen, text } from './seen';

/** States of the search before the walk. */
const MOST_STATES = 1000;

/** The state before the tasks, the calls of each, and which tasks repeat them. */
function beginningOf(source: string) {
  const { race, statements, setup } = programOf(source);
  let moment = firstMoment<CompiledStatement>(initialState(setup));
  for (const executed of stepStatements(statements.slice(0, race.start), moment))
    if (executed !== null) moment = executed.next;
  const tasks = race.tasks.map(({ start, end, repeats }) => ({
    calls: statements.slice(start, end).map(({ call }) => call),
    repeats,
  }));
  return { state: stateOf(moment), tasks };
}

/** What a step shows, without the numbers of frames. */
function shown(events: readonly TracedEvent[]): string {
  return text(events.filter(isSeen)).replaceAll(/pfn 0x[0-9a-f]+/g, 'a pfn');
}

function freedIn(state: State): string {
  return text(state.vms.map((vm) => freedMappings(state, vm)));
}

/**
 * Runs steps of random tasks until none can run.
 * @param choices Which of the tasks that can run does so; the walk ends with them.
 */
export function walk(source: string, choices: readonly number[]): void {
  // What steps did in the states of a search is what the walk gets, wherever a step reads the same.
  const { steps } = explored(source, { maxStates: MOST_STATES }).result;
  const { state: start, tasks } = beginningOf(source);
  walking: while (true) {
    const row = steps.start();
    let state = start;
    const calls = tasks.map(() => 0);
    const trace: string[] = [];
    for (const choice of choices) {
      const able: { readonly task: number; readonly next: State }[] = [];
      for (const [task, own] of tasks.entries()) {
        const call = own.calls[calls[task]!];
        const known = steps.next(row, task);
        if (steps.locals.isWrong) {
          // What the explorer knows of locals was wrong: it begins anew with what it has learnt.
          steps.forget();
          continue walking;
        }
        assert.equal(known === null, call === undefined, `task ${task} is over after ${trace}`);
        if (call === undefined || known === null) continue;
        const isRunning = state.tasks.some(({ id }) => id === task);
        const begun = isRunning ? state : startCall(state, 0, call, 'call', task, true);
        const { state: next, at, events, blocked } = stepTask(begun, task);
        const does = blocked === null ? `${task} ${at.label} ${shown(events)}` : `${task} waits`;
        const knownToDo =
          known.kind === 'step' ? `${task} ${known.label} ${shown(known.events)}` : `${task} waits`;
        assert.equal(knownToDo, does, `after ${trace}`);
        if (blocked === null) able.push({ task, next });
      }
      const chosen = able[choice % Math.max(1, able.length)];
      if (chosen === undefined) break;
      const { task, next } = chosen;
      const step = steps.next(row, task);
      assert.equal(step?.kind, 'step');
      if (step?.kind !== 'step') break;
      trace.push(`${task}:${step.label}`);
      steps.apply(row, step);
      steps.settle(row);
      state = next;
      if (!state.tasks.some(({ id }) => id === task)) {
        const { calls: own, repeats } = tasks[task]!;
        calls[task]!++;
        if (repeats && calls[task] === own.length) calls[task] = 0;
      }
      const shownState = steps.state(row);
      assert.equal(freedIn(shownState), freedIn(state), `after ${trace}`);
    }
    assert.equal(withoutFrameNumbers(steps.state(row)), withoutFrameNumbers(state), `after ${trace}`);
    return;
  }
}
