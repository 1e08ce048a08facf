/** Requests that jump to another moment: a line, a step of a listing, the start of a frame, a tick. */
import type { DebugProtocol } from '@vscode/debugprotocol';
import { elementAt } from '../../simulator';
import { count, optionalCount, optionalFlag } from '../arguments';
import { trunkOf } from '../branch';
import { locateStatement, locateStep } from '../breakpoints/locate';
import { lineFor } from '../client';
import { type Context, type Handler, type JumpTarget, scenarioOf } from '../context';
import { RequestError } from '../errors';
import { depthOf, type Moment } from '../moment';
import { taskAt } from '../race/tasks';
import { type DebuggedScenario, labelOf } from '../scenario';
import { samePath } from '../source-path';
import { atStatement, atStep, isPassedBy } from '../stepping/goals';
import { runForward, type Slice } from '../stepping/slices';
import type { Found, Stop } from '../stops';
import { checkThread } from './control';
import { jumping, leaveBranch, movingReply, orNowhere, QUIET, startRun, throughBranches } from './running';
import { sourceArgument, wantedOf } from './source-argument';

function jumpedTo(at: Moment): Found {
  return { at, stop: { kind: 'goto' } };
}

function isEnd({ kind }: Stop): boolean {
  return kind === 'end';
}

export const gotoTargets: Handler = (context, args) => {
  const { client } = context;
  const scenario = scenarioOf(context);
  const { reference, path } = sourceArgument(args);
  const wanted = wantedOf(client, args);
  const targets = (named: readonly (readonly [string, JumpTarget])[], line: number) => ({
    body: {
      targets: named.map(([label, target]): DebugProtocol.GotoTarget => {
        return { id: context.jumpTargets.add(target), label, line };
      }),
    },
  });
  if (reference === 0) {
    const trunk = trunkOf(scenario);
    const own = samePath(path, trunk.path) ? context.edits.lineOfRun(trunk, wanted.line) : null;
    if (own === null) return targets([], 0);
    // A jump goes to the line; the column is ignored.
    const { target } = locateStatement(trunk, { line: own, column: null });
    if (target?.kind !== 'statement') return targets([], 0);
    const statement = elementAt(trunk.told, target.statement);
    const { name, location } = labelOf(trunk, statement);
    const line = context.edits.lineFor(client, trunk, location.line);
    return targets([[name, { kind: 'statement', statement }]], line);
  }
  const located = locateStep(scenario.program.setup, reference, wanted);
  if (located.target === null || located.target.kind !== 'step') return targets([], 0);
  const { procedure, step } = located.target;
  const target = (direction: 'forward' | 'back'): JumpTarget => ({
    kind: 'step',
    procedure,
    step,
    direction,
  });
  return targets(
    [
      ['The next time that this step is reached', target('forward')],
      ['The last time that this step was reached', target('back')],
    ],
    lineFor(client, located.location.line),
  );
};

/** Goes to the moment before a statement: by the timeline if it was reached, otherwise by running. */
function toStatement(context: Context, target: Extract<JumpTarget, { readonly kind: 'statement' }>): Slice {
  for (;;) {
    const { program, timeline } = scenarioOf(context);
    const index = program.statements.indexOf(target.statement);
    const tick = timeline.statementTicks[index];
    if (index >= 0 && tick === undefined) return jumping(runForward(timeline, atStatement(index), QUIET));
    const start = tick === undefined ? null : timeline.at(tick);
    // On a branch that starts within the statement, it has already begun.
    if (start?.run === null || !leaveBranch(context)) {
      return () => {
        if (start !== null) timeline.moveTo(start);
        return { kind: 'goto' };
      };
    }
  }
}

function toStep(
  context: Context,
  { procedure, step, direction }: Extract<JumpTarget, { readonly kind: 'step' }>,
): Slice {
  const reached = atStep(procedure, step);
  const { timeline } = scenarioOf(context);
  if (direction === 'forward') {
    const slice = jumping(runForward(timeline, reached, QUIET));
    return orNowhere(context, slice, isEnd, `${procedure} does not reach this step again.`);
  }
  const slice = throughBranches(context, () => (from) => (reached(from) ? jumpedTo(from) : null));
  return orNowhere(
    context,
    slice,
    ({ kind }) => kind === 'start',
    `${procedure} has not reached this step before.`,
  );
}

export const goTo: Handler = (context, args) => {
  checkThread(context, args);
  const target = context.jumpTargets.get(count(args, 'targetId'));
  if (target === undefined) throw new RequestError('The jump target is unknown: request the targets again.');
  return {
    after: () => {
      const slice = target.kind === 'statement' ? toStatement(context, target) : toStep(context, target);
      startRun(context, slice, false);
    },
  };
};

/** Goes back to where a procedure was entered, or to before a statement. */
function toBeginning(context: Context, depth: number, isStatement: boolean): Slice {
  const { race, program, timeline } = scenarioOf(context);
  const racer = taskAt(race, program, timeline.current);
  const foundIn =
    (scenario: DebuggedScenario) =>
    (from: Moment, to: Moment): Found | null => {
      // The steps of other tasks of a race are passed by.
      if (isPassedBy(from) || taskAt(race, scenario.program, from) !== racer) return null;
      if (isStatement) return depthOf(from) <= depth && from.run === null ? jumpedTo(from) : null;
      return depthOf(from) < depth ? jumpedTo(to) : null;
    };
  const { current } = timeline;
  // It has not begun: the current moment is its start.
  if (isStatement && current.run === null && depthOf(current) === depth) return () => ({ kind: 'goto' });
  return throughBranches(context, foundIn);
}

export const restartFrame: Handler = (context, args) => {
  const frame = context.frames.get(count(args, 'frameId'));
  if (frame === undefined) throw new RequestError('The frame is unknown: request the stack again.');
  if (frame.moment !== scenarioOf(context).timeline.current) {
    throw new RequestError('The call is suspended: go to the statement that started it instead.');
  }
  const slice = toBeginning(context, frame.depth, frame.level.frame === null);
  return { after: () => startRun(context, slice, false) };
};

/** `gmemscope/timeline`: the moments reached in the scenario's run, and the current one. */
export const timeline: Handler = (context, args) => {
  const scenario = scenarioOf(context);
  const trunk = trunkOf(scenario);
  const first = optionalCount(args, 'firstStatement') ?? 0;
  const { lastTick, statementTicks, current } = trunk.timeline;
  return {
    body: {
      /** Number of ticks reached, from 0. */
      ticks: lastTick + 1,
      /** Tick at which each reached statement begins, from `firstStatement` on. */
      statements: statementTicks.slice(first),
      /** On a branch, the tick at which it starts. */
      tick: current.tick,
      branch: scenario.branch !== null,
    },
  };
};

/**
 * `gmemscope/goTo`: goes to a reached moment of the scenario's run, leaving any branch. `keepsFocus` keeps the keyboard
 * focus in the requesting view.
 */
export const goToTick: Handler = (context, args) => {
  const tick = count(args, 'tick');
  const { timeline: moments } = trunkOf(scenarioOf(context));
  if (tick > moments.lastTick) {
    throw new RequestError(`The run has not reached tick ${tick}: the last is ${moments.lastTick}.`);
  }
  const slice: Slice = () => {
    while (leaveBranch(context));
    moments.moveTo(moments.at(tick));
    return { kind: 'goto' };
  };
  return movingReply(context, slice, optionalFlag(args, 'keepsFocus') ?? false);
};
