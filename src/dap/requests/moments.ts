/** Requests that go to another moment: a line, a step of a listing, the beginning of a frame, a tick. */
import type { DebugProtocol } from '@vscode/debugprotocol';
import { count, optionalCount, optionalFlag } from '../arguments';
import { trunkOf } from '../branch';
import { locateStatement, locateStep } from '../breakpoints/locate';
import { lineFor } from '../client';
import { type Context, type Handler, type JumpTarget, scenarioOf } from '../context';
import { RequestError } from '../errors';
import { depthOf, type Moment } from '../moment';
import { samePath } from '../source-path';
import { atStatement, atStep, isPassedBy } from '../stepping/goals';
import { runForward, type Slice } from '../stepping/slices';
import type { Found, Interruptions, Stop } from '../stops';
import { checkThread } from './control';
import { leaveBranch, movingReply, orNowhere, startRun, throughBranches } from './running';
import { sourceArgument, wantedOf } from './source-argument';

/** Nothing on the way interrupts a jump. */
const QUIET: Interruptions = { forward: () => null, back: () => null };

function jumpedTo(at: Moment): Found {
  return { at, stop: { kind: 'goto' } };
}

/** A slice whose step is the end of a jump. */
function jumping(slice: Slice): Slice {
  return () => {
    const stop = slice();
    return stop?.kind === 'step' ? { kind: 'goto' } : stop;
  };
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
        return { id: context.jumpTargets.add(target), label, line: lineFor(client, line) };
      }),
    },
  });
  if (reference === 0) {
    const trunk = trunkOf(scenario);
    // A jump is to the line, whatever stands before the cursor on it.
    const { target } = locateStatement(trunk, { ...wanted, column: null });
    if (!samePath(path, trunk.path) || target?.kind !== 'statement') return targets([], 0);
    const statement = trunk.program.statements[target.statement]!;
    const { name, location } = trunk.labels.get(statement)!;
    return targets([[name, { kind: 'statement', statement }]], location.line);
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
    located.location.line,
  );
};

/** To the moment before a statement: by the timeline where the run has been there, else by running. */
function toStatement(context: Context, target: Extract<JumpTarget, { readonly kind: 'statement' }>): Slice {
  for (;;) {
    const { program, timeline } = scenarioOf(context);
    const index = program.statements.indexOf(target.statement);
    const tick = timeline.statementTicks[index];
    if (index >= 0 && tick === undefined) return jumping(runForward(timeline, atStatement(index), QUIET));
    const start = tick === undefined ? null : timeline.at(tick);
    // On a branch that came off within it, the statement is begun already.
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
  if (target === undefined) throw new RequestError('The place to jump to is unknown: ask for it again.');
  return {
    after: () => {
      const slice = target.kind === 'statement' ? toStatement(context, target) : toStep(context, target);
      startRun(context, slice, false);
    },
  };
};

/** Back to where a procedure was entered, or to before a statement. */
function toBeginning(context: Context, depth: number, isStatement: boolean): Slice {
  const found = (from: Moment, to: Moment): Found | null => {
    if (isPassedBy(from)) return null;
    if (isStatement) return depthOf(from) <= depth && from.run === null ? jumpedTo(from) : null;
    return depthOf(from) < depth ? jumpedTo(to) : null;
  };
  const { current } = scenarioOf(context).timeline;
  // It has not begun: this is its beginning.
  if (isStatement && current.run === null && depthOf(current) === depth) return () => ({ kind: 'goto' });
  return throughBranches(context, () => found);
}

export const restartFrame: Handler = (context, args) => {
  const frame = context.frames.get(count(args, 'frameId'));
  if (frame === undefined) throw new RequestError('The frame is unknown: ask for the stack again.');
  if (frame.moment !== scenarioOf(context).timeline.current) {
    throw new RequestError('The call stands still: go to the statement that began it instead.');
  }
  const slice = toBeginning(context, frame.depth, frame.level.frame === null);
  return { after: () => startRun(context, slice, false) };
};

/** `gmemscope/timeline`: the moments of the scenario's run that are known, and which one this is. */
export const timeline: Handler = (context, args) => {
  const scenario = scenarioOf(context);
  const trunk = trunkOf(scenario);
  const first = optionalCount(args, 'firstStatement') ?? 0;
  const { lastTick, statementTicks, current } = trunk.timeline;
  return {
    body: {
      /** From 0 on, so many ticks have been reached. */
      ticks: lastTick + 1,
      /** Tick at which each statement begins that was reached, from `firstStatement` on. */
      statements: statementTicks.slice(first),
      /** On a branch, where it came off. */
      tick: current.tick,
      branch: scenario.branch !== null,
    },
  };
};

/**
 * `gmemscope/goTo`: to a moment of the scenario's run that was reached; a branch is left. `keepsFocus`: for a view
 * that goes on having the keyboard.
 */
export const goToTick: Handler = (context, args) => {
  const tick = count(args, 'tick');
  const { timeline: moments } = trunkOf(scenarioOf(context));
  if (tick > moments.lastTick) {
    throw new RequestError(`The run has not come to tick ${tick}: the last is ${moments.lastTick}.`);
  }
  const slice: Slice = () => {
    while (leaveBranch(context));
    moments.moveTo(moments.at(tick));
    return { kind: 'goto' };
  };
  return movingReply(context, slice, optionalFlag(args, 'keepsFocus') ?? false);
};
