/** Requests about data breakpoints, and about who changed something last. */
import type { DebugProtocol } from '@vscode/debugprotocol';
import {
  changesOf,
  evaluate,
  isProblem,
  parseWatch,
  placeText,
  type Scene,
  type Watch,
  WHATS_OF,
  type What,
  watchOf,
  watchText,
} from '../../expressions';
import { readNumber } from '../../language';
import { bytesOf, PAGE_SIZE, pageOf, U64 } from '../../simulator/units';
import { type Arguments, optionalCount, optionalFlag, optionalText, records } from '../arguments';
import { trunkOf } from '../branch';
import type { DataBreakpoint } from '../breakpoints/data';
import type { Rule } from '../breakpoints/rule';
import type { Context, Handler } from '../context';
import { RequestError } from '../errors';
import type { Moment } from '../moment';
import { happeningOf } from '../scene';
import type { Slice } from '../stepping/slices';
import type { Found } from '../stops';
import { expressionNamed } from '../variables/view';
import { ruleOf } from './breakpoints';
import { sceneFor } from './frames';
import { movingReply, orNowhere, throughBranches } from './running';

/** Something to watch, or why there is nothing. */
type Watched = { readonly watch: Watch } | { readonly problem: string };

/** Pages that bytes from an address on touch. */
function pagesAt(address: bigint, bytes: number): { readonly start: number; readonly end: number } {
  return { start: pageOf(address), end: pageOf(address + BigInt(Math.max(1, bytes)) + PAGE_SIZE - 1n) };
}

function watchAtAddress(name: string, bytes: number, { vmId }: Scene): Watched {
  const read = readNumber(name.trim());
  if (!('value' in read)) return { problem: `${name} is not an address: write for instance 0x90000000.` };
  if (read.value + BigInt(bytes) > U64) return { problem: 'The range ends beyond 64 bits.' };
  return { watch: { place: { kind: 'gfns', vm: vmId, ...pagesAt(read.value, bytes) }, what: null } };
}

/** What a text stands for: that of a watch, or an expression whose value is somewhere. */
function watchNamed(text: string, scene: Scene): Watched {
  const written = parseWatch(text);
  if (written !== null) return { watch: written };
  const value = evaluate(text, scene);
  if (isProblem(value)) return { problem: value.problem };
  const watch = watchOf(value, scene);
  return watch === null
    ? { problem: 'Only slots, files, gfns, host pages, and ranges of them can be watched.' }
    : { watch };
}

/** The first `bytes` of what is watched, where it is a range of gfns. */
function withBytes(watched: Watched, bytes: number | undefined): Watched {
  if (bytes === undefined || !('watch' in watched) || watched.watch.place.kind !== 'gfns') return watched;
  const { place, what } = watched.watch;
  return { watch: { place: { ...place, ...pagesAt(bytesOf(place.start), bytes) }, what } };
}

function watchedBy(context: Context, args: Arguments): Watched {
  const name = optionalText(args, 'name') ?? '';
  const bytes = optionalCount(args, 'bytes');
  if (optionalFlag(args, 'asAddress')) return watchAtAddress(name, bytes ?? 1, sceneFor(context, args));
  const reference = optionalCount(args, 'variablesReference') ?? 0;
  if (reference === 0) return withBytes(watchNamed(name, sceneFor(context, args)), bytes);
  if (context.children.isStale(reference)) return { problem: 'The scenario has moved on.' };
  const known = context.children.get(reference);
  if (known === undefined)
    throw new RequestError('The variables reference is unknown: it was never handed out.');
  const expression = expressionNamed(known, name);
  if (expression === undefined) return { problem: 'There is nothing to watch in this row.' };
  return withBytes(watchNamed(expression, known.scene), bytes);
}

/** `slot 0 zapped`; where it may be any change, what can happen. */
function description(watch: Watch): string {
  if (watch.what !== null) return watchText(watch);
  const whats = WHATS_OF[watch.place.kind];
  return `${watchText(watch)}: ${whats.slice(0, 3).join(', ')}${whats.length > 3 ? ', …' : ''}`;
}

export const dataBreakpointInfo: Handler = (context, args) => {
  const watched = watchedBy(context, args);
  const body: DebugProtocol.DataBreakpointInfoResponse['body'] =
    'watch' in watched
      ? {
          dataId: watchText(watched.watch),
          description: description(watched.watch),
          accessTypes: ['write'],
          canPersist: true,
        }
      : { dataId: null, description: watched.problem };
  return { body };
};

/** Why nothing will ever happen to what is watched. */
function hopeless(context: Context, { place }: Watch): string | null {
  if (place.kind !== 'file-pages' || context.scenario === null) return null;
  const { statements } = trunkOf(context.scenario).program;
  const isMade = statements.some(({ call }) => call.kind === 'gmem' && call.name === place.file);
  return isMade ? null : `The scenario has no file ${place.file}.`;
}

/** A data breakpoint on what a text names. */
export function dataBreakpointOf(context: Context, dataId: string, rule: Rule): DataBreakpoint {
  const watch = parseWatch(dataId);
  const problem =
    watch === null
      ? `${dataId} names nothing that can be watched: write for instance slot 0, or gfn 0x80000..0x80010 zapped.`
      : hopeless(context, watch);
  return { id: context.nextBreakpointId(), watch: problem === null ? watch : null, problem, rule };
}

function dataBreakpoint(context: Context, args: Arguments): DataBreakpoint {
  const access = optionalText(args, 'accessType') ?? 'write';
  const wanted = dataBreakpointOf(context, optionalText(args, 'dataId') ?? '', ruleOf(args));
  if (access === 'write' || wanted.problem !== null) return wanted;
  return { ...wanted, watch: null, problem: 'Nothing tells of reads: only changes can be watched.' };
}

/** A data breakpoint as the protocol has it. */
export function dataBreakpointBody({ id, problem, rule }: DataBreakpoint): DebugProtocol.Breakpoint {
  if (problem !== null) return { id, verified: false, message: problem };
  return { id, verified: true, ...(rule.problem === null ? {} : { message: rule.problem }) };
}

export const setDataBreakpoints: Handler = (context, args) => {
  context.dataBreakpoints = records(args, 'breakpoints').map((one) => dataBreakpoint(context, one));
  context.hitCounts.reset();
  return { body: { breakpoints: context.dataBreakpoints.map(dataBreakpointBody) } };
};

/**
 * Back to the step that last changed what an expression stands for.
 * @throws RequestError where there is nothing to watch, or `what` cannot happen to it.
 */
export function lastChangeSlice(
  context: Context,
  text: string,
  what: string | undefined,
  scene: Scene,
): Slice {
  const watched = watchNamed(text, scene);
  if ('problem' in watched) throw new RequestError(watched.problem, true);
  const { place } = watched.watch;
  const wanted = what === undefined ? watched.watch.what : WHATS_OF[place.kind].find((one) => one === what);
  if (wanted === undefined) {
    throw new RequestError(`It cannot be ${what}: it can be ${WHATS_OF[place.kind].join(', ')}.`, true);
  }
  const found = (from: Moment, to: Moment): Found | null => {
    const changes = changesOf(place, wanted, happeningOf(from, to));
    if (changes.length === 0) return null;
    const data = { place: placeText(place), changes, from };
    return { at: from, stop: { kind: 'breakpoint', ids: [], data, problems: [] } };
  };
  const slice = throughBranches(context, () => found);
  const message = `Nothing ${didText(wanted)} ${placeText(place)} before this.`;
  return orNowhere(context, slice, ({ kind }) => kind === 'start', message);
}

function didText(what: What | null): string {
  return what ?? 'changed';
}

/** `gmemscope/lastChange`: who zapped this last? `expression` is what, `what` the kind of change. */
export const lastChange: Handler = (context, args) => {
  const text = optionalText(args, 'expression') ?? '';
  const slice = lastChangeSlice(context, text, optionalText(args, 'what'), sceneFor(context, args));
  return movingReply(context, slice);
};
