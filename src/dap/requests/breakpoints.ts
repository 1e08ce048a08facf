/** Requests that set breakpoints on code. */
import type { DebugProtocol } from '@vscode/debugprotocol';
import { elementAt } from '../../simulator';
import { type Arguments, count, optionalCount, optionalText, records, texts } from '../arguments';
import { trunkOf } from '../branch';
import { type Located, locateStatement, locateStep, nowhere, stepLocation } from '../breakpoints/locate';
import { parseRule, type Rule } from '../breakpoints/rule';
import type { Breakpoint } from '../breakpoints/set';
import { columnFor, lineFor, lineFrom } from '../client';
import { type Context, type Handler, scenarioOf } from '../context';
import { RequestError } from '../errors';
import { isFilter } from '../exceptions';
import { procedureOf, stepCount } from '../listings';
import { type DebuggedScenario, labelOf } from '../scenario';
import type { SourceLocation } from '../source-location';
import { pathKey, samePath } from '../source-path';
import { sourceOf } from '../sources';
import { type SourceArgument, sourceArgument, wantedOf } from './source-argument';

/** A breakpoint as the protocol has it. */
export function breakpointBody(context: Context, breakpoint: Breakpoint): DebugProtocol.Breakpoint {
  const { id, rule } = breakpoint;
  if (breakpoint.target === null) return { id, verified: false, message: breakpoint.problem };
  const scenario = scenarioOf(context);
  const { target, location } = breakpoint;
  const source = sourceOf(scenario, target);
  const message = rule.problem === null ? {} : { message: rule.problem };
  const line =
    target.kind === 'statement'
      ? context.edits.lineFor(context.client, trunkOf(scenario), location.line)
      : lineFor(context.client, location.line);
  return { id, verified: true, line, source, ...message };
}

/** The rule in a request for a breakpoint. */
export function ruleOf(args: Arguments): Rule {
  return parseRule({
    condition: optionalText(args, 'condition'),
    hitCondition: optionalText(args, 'hitCondition'),
    logMessage: optionalText(args, 'logMessage'),
  });
}

export interface Wished {
  readonly locate: (scenario: DebuggedScenario) => Located;
  readonly rule: Rule;
}

/** Replaces the breakpoints of one source; they are resolved again in each scenario that is loaded. */
export function replaceBreakpoints(
  context: Context,
  source: string,
  wishes: readonly Wished[],
): readonly DebugProtocol.Breakpoint[] {
  const locate = (scenario: DebuggedScenario | null) =>
    wishes.map((one) =>
      scenario === null ? nowhere('The scenario is not loaded yet.') : one.locate(trunkOf(scenario)),
    );
  context.locators.set(source, locate);
  const located = locate(context.scenario).map((where, at) => ({
    ...where,
    rule: elementAt(wishes, at).rule,
  }));
  const breakpoints = context.breakpoints.replace(source, located);
  context.hitCounts.reset();
  return breakpoints.map((breakpoint) => breakpointBody(context, breakpoint));
}

const EDITED = 'The text was edited, and this line is not in the run: restart to stop here.';

export const setBreakpoints: Handler = (context, args) => {
  const { reference, path } = sourceArgument(args);
  const wanted = records(args, 'breakpoints').map((one) => {
    return { wanted: wantedOf(context.client, one), rule: ruleOf(one) };
  });
  if (reference !== 0) {
    const wishes = wanted.map((one): Wished => {
      return { locate: ({ program }) => locateStep(program.setup, reference, one.wanted), rule: one.rule };
    });
    return { body: { breakpoints: replaceBreakpoints(context, `listing ${reference}`, wishes) } };
  }
  // The breakpoints stay at their statements: in this run, and in later runs of an edited text.
  const { scenario: current } = context;
  let text = current === null ? undefined : (context.edits.shownText(current.path) ?? current.text);
  const wishes = wanted.map((one): Wished => {
    const locate = (scenario: DebuggedScenario) => {
      if (!samePath(path, scenario.path)) return nowhere('This is not the scenario being debugged.');
      text ??= scenario.text;
      const line = context.edits.lineIn(text, scenario.text, one.wanted.line);
      return line === null ? nowhere(EDITED) : locateStatement(scenario, { ...one.wanted, line });
    };
    return { locate, rule: one.rule };
  });
  return { body: { breakpoints: replaceBreakpoints(context, `file ${pathKey(path)}`, wishes) } };
};

/** Each filter has its own result: an error in one does not prevent the others from being set. */
export const setExceptionBreakpoints: Handler = (context, args) => {
  const plain = texts(args, 'filters').map((filterId): Arguments => ({ filterId }));
  const wanted = [...plain, ...records(args, 'filterOptions')].map((one) => {
    const name = optionalText(one, 'filterId') ?? '';
    const rule = ruleOf(one);
    return { name, rule, problem: isFilter(name) ? rule.problem : `There is no exception filter ${name}.` };
  });
  const set = wanted.filter(({ problem }) => problem === null);
  context.filters = new Map(set.map(({ name, rule }) => [name, rule]));
  for (const { name } of set) context.told.delete(name);
  const breakpoints = wanted.map(({ problem }): DebugProtocol.Breakpoint => {
    return problem === null ? { verified: true } : { verified: false, message: problem };
  });
  return { body: { breakpoints } };
};

/** All locations in a source where a breakpoint can be set. */
function locationsIn(
  scenario: DebuggedScenario,
  { reference, path }: SourceArgument,
): readonly SourceLocation[] {
  if (reference === 0) {
    if (!samePath(path, scenario.path)) return [];
    return scenario.program.statements.map((statement) => labelOf(scenario, statement).location);
  }
  const { setup } = scenario.program;
  const procedure = procedureOf(reference);
  if (procedure === undefined) throw new RequestError(`There is no source with the reference ${reference}.`);
  return Array.from({ length: stepCount(setup, procedure) }, (_, step) =>
    stepLocation(setup, procedure, step),
  );
}

export const breakpointLocations: Handler = (context, args) => {
  const { client } = context;
  const first = lineFrom(client, count(args, 'line'));
  const endLine = optionalCount(args, 'endLine');
  const last = endLine === undefined ? first : lineFrom(client, endLine);
  const trunk = trunkOf(scenarioOf(context));
  const source = sourceArgument(args);
  const shown =
    source.reference === 0 ? context.edits.linesFor(client, trunk) : (line: number) => lineFor(client, line);
  const breakpoints = locationsIn(trunk, source)
    .map(({ line, column }) => ({ line: shown(line), column: columnFor(client, column) }))
    .filter(({ line }) => line >= lineFor(client, first) && line <= lineFor(client, last));
  return { body: { breakpoints } };
};
