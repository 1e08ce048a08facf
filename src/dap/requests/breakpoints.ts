/** Requests that set breakpoints. */
import type { DebugProtocol } from '@vscode/debugprotocol';
import { type Arguments, count, optionalCount, optionalText, record, records, texts } from '../arguments';
import {
  type Breakpoint,
  type Located,
  locateFunction,
  locateStatement,
  locateStep,
  nowhere,
  stepPlace,
  type Wanted,
} from '../breakpoints';
import { columnFor, columnFrom, lineFor, lineFrom } from '../client';
import { type Context, type Handler, type Reply, scenarioOf } from '../context';
import { RequestError } from '../errors';
import { EXCEPTION_FILTERS } from '../exceptions';
import { procedureOf, stepCount } from '../listings';
import type { Place } from '../places';
import type { Scenario } from '../scenario';
import { pathKey, samePath } from '../source-path';
import { sourceOf } from '../sources';

/** A breakpoint as the protocol has it. */
export function breakpointBody(context: Context, breakpoint: Breakpoint): DebugProtocol.Breakpoint {
  const { id } = breakpoint;
  if (breakpoint.target === null) return { id, verified: false, message: breakpoint.problem };
  const source = sourceOf(scenarioOf(context), breakpoint.target);
  return { id, verified: true, line: lineFor(context.client, breakpoint.place.line), source };
}

/** Replaces the breakpoints of one source; they are found anew in each scenario that is loaded. */
function replace(
  context: Context,
  source: string,
  locators: readonly ((scenario: Scenario) => Located)[],
): Reply {
  const locate = (scenario: Scenario | null) =>
    locators.map((one) => (scenario === null ? nowhere('The scenario is not loaded yet.') : one(scenario)));
  context.locators.set(source, locate);
  const breakpoints = context.breakpoints.replace(source, locate(context.scenario));
  return { body: { breakpoints: breakpoints.map((breakpoint) => breakpointBody(context, breakpoint)) } };
}

function wantedOf({ client }: Context, args: Arguments): Wanted {
  const column = optionalCount(args, 'column');
  return {
    line: lineFrom(client, count(args, 'line')),
    column: column === undefined ? null : columnFrom(client, column),
  };
}

/** A source of a request: a listing by its reference, or a file by its path. */
function sourceArgument(args: Arguments): { readonly reference: number; readonly path: string } {
  const source = record(args, 'source');
  const reference = optionalCount(source, 'sourceReference') ?? 0;
  const path = optionalText(source, 'path') ?? '';
  if (reference === 0 && path === '') {
    throw new RequestError('The source has neither a path nor a reference.');
  }
  return { reference, path };
}

export const setBreakpoints: Handler = (context, args) => {
  const { reference, path } = sourceArgument(args);
  const wanted = records(args, 'breakpoints').map((one) => wantedOf(context, one));
  if (reference !== 0) {
    const locators = wanted.map(
      (one) =>
        ({ program }: Scenario) =>
          locateStep(program.setup, reference, one),
    );
    return replace(context, `listing ${reference}`, locators);
  }
  const locators = wanted.map((one) => (scenario: Scenario) => {
    if (!samePath(path, scenario.path)) return nowhere('This is not the scenario that runs.');
    return locateStatement(scenario, one);
  });
  return replace(context, `file ${pathKey(path)}`, locators);
};

export const setFunctionBreakpoints: Handler = (context, args) => {
  const names = records(args, 'breakpoints').map((one) => optionalText(one, 'name') ?? '');
  const locators = names.map(
    (name) =>
      ({ program }: Scenario) =>
        locateFunction(program.setup, name),
  );
  return replace(context, 'functions', locators);
};

export const setExceptionBreakpoints: Handler = (context, args) => {
  const filters = texts(args, 'filters');
  const unknown = filters.find((name) => !EXCEPTION_FILTERS.some(({ filter }) => filter === name));
  if (unknown !== undefined) throw new RequestError(`There is no exception filter ${unknown}.`);
  context.filters = new Set(filters);
  return {};
};

/** Every place in a source at which a breakpoint can stop. */
function placesIn(
  scenario: Scenario,
  { reference, path }: ReturnType<typeof sourceArgument>,
): readonly Place[] {
  if (reference === 0) return samePath(path, scenario.path) ? scenario.places : [];
  const { setup } = scenario.program;
  const procedure = procedureOf(reference);
  if (procedure === undefined) throw new RequestError(`There is no source with the reference ${reference}.`);
  return Array.from({ length: stepCount(setup, procedure) }, (_, step) => stepPlace(setup, procedure, step));
}

export const breakpointLocations: Handler = (context, args) => {
  const { client } = context;
  const first = lineFrom(client, count(args, 'line'));
  const endLine = optionalCount(args, 'endLine');
  const last = endLine === undefined ? first : lineFrom(client, endLine);
  const places = placesIn(scenarioOf(context), sourceArgument(args));
  const breakpoints = places
    .filter(({ line }) => line >= first && line <= last)
    .map(({ line, column }) => ({ line: lineFor(client, line), column: columnFor(client, column) }));
  return { body: { breakpoints } };
};
