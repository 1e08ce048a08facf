/** A search that knows nothing: it keeps every state as a text, and runs every step. Slow, and easy to believe. */

import type { CompiledStatement } from '../../src/language';
import { stepStatements } from '../../src/outcome';
import {
  firstMoment,
  initialState,
  type State,
  startCall,
  stateOf,
  stepTask,
  type TracedEvent,
} from '../../src/simulator';
import { programOf, withoutFrameNumbers } from '../generators/exploring';
import { isSeen, text } from '../generators/seen';

interface Node {
  readonly state: State;
  /** For each task, how many of its calls have begun. */
  readonly begun: readonly number[];
  /** For each task, what its calls did. */
  readonly events: readonly (readonly TracedEvent[])[];
}

export function naiveFindings(source: string): {
  readonly returned: readonly string[];
  readonly finals: number;
} {
  const { race, statements, setup } = programOf(source);
  let moment = firstMoment<CompiledStatement>(initialState(setup));
  for (const executed of stepStatements(statements.slice(0, race.start), moment))
    if (executed !== null) moment = executed.next;
  const calls = race.tasks.map(({ start, end }) => statements.slice(start, end).map(({ call }) => call));
  const begin = (node: Node, task: number): Node => {
    const call = calls[task]![node.begun[task]!];
    if (call === undefined) return node;
    const state = startCall(node.state, 0, call, 'call', task, true);
    const tasks = state.tasks.toSorted((a, b) => a.id - b.id);
    return { ...node, state: { ...state, tasks }, begun: node.begun.with(task, node.begun[task]! + 1) };
  };
  const start: Node = { state: stateOf(moment), begun: calls.map(() => 0), events: calls.map(() => []) };
  const returned = new Set<string>();
  const finals = new Set<string>();
  const known = new Set<string>();
  const open = [start];
  for (let node = open.pop(); node !== undefined; node = open.pop()) {
    let isOver = true;
    for (const task of calls.keys()) {
      const running = node.state.tasks.some(({ id }) => id === task);
      const from = running ? node : begin(node, task);
      if (!from.state.tasks.some(({ id }) => id === task)) continue;
      isOver = false;
      const { state, events, blocked } = stepTask(from.state, task);
      if (blocked !== null) continue;
      const own = [...from.events[task]!, ...events.filter(isSeen)];
      const done = !state.tasks.some(({ id }) => id === task);
      if (done) returned.add(text([task, from.begun[task]! - 1, own]));
      const locks = state.locks.toSorted((a, b) => a.task - b.task);
      const next: Node = {
        ...from,
        state: { ...state, locks },
        events: from.events.with(task, done ? [] : own),
      };
      const key = text(next);
      if (known.has(key)) continue;
      known.add(key);
      open.push(next);
    }
    if (isOver) finals.add(withoutFrameNumbers(node.state));
  }
  return { returned: [...returned].toSorted(), finals: finals.size };
}
