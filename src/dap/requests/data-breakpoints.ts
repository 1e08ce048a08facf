/** Requests about data breakpoints and about the last change of a watch target. */
import type { DebugProtocol } from '@vscode/debugprotocol';
import {
  CHANGE_KINDS_OF,
  type ChangeKind,
  changesOf,
  type EvaluationContext,
  evaluate,
  isProblem,
  parseWatch,
  type Watch,
  watchOf,
  watchTargetText,
  watchText,
} from '../../expressions';
import { readNumber } from '../../language';
import { bytesOf, PAGE_SIZE, pageOf, U64 } from '../../simulator';
import { type Arguments, optionalCount, optionalFlag, optionalText, records } from '../arguments';
import { trunkOf } from '../branch';
import type { DataBreakpoint } from '../breakpoints/data';
import type { Rule } from '../breakpoints/rule';
import type { Context, Handler } from '../context';
import { RequestError } from '../errors';
import { happeningOf } from '../evaluation-context';
import type { Moment } from '../moment';
import type { Slice } from '../stepping/slices';
import type { Found } from '../stops';
import { expressionNamed } from '../variables/view';
import { ruleOf } from './breakpoints';
import { evaluationContextFor } from './frames';
import { movingReply, orNowhere, throughBranches } from './running';

/** A watch, or the reason why there is none. */
type Watched = { readonly watch: Watch } | { readonly problem: string };

/** The pages that a range of bytes touches. */
function pagesAt(address: bigint, bytes: number): { readonly start: number; readonly end: number } {
  return { start: pageOf(address), end: pageOf(address + BigInt(Math.max(1, bytes)) + PAGE_SIZE - 1n) };
}

function watchAtAddress(name: string, bytes: number, { vmId }: EvaluationContext): Watched {
  const read = readNumber(name.trim());
  if (!('value' in read))
    return { problem: `${name} is not an address: write an address such as 0x90000000.` };
  if (read.value + BigInt(bytes) > U64) return { problem: 'The range ends beyond 64 bits.' };
  return { watch: { target: { kind: 'gfns', vm: vmId, ...pagesAt(read.value, bytes) }, what: null } };
}

/** The watch for a text: the text of a watch, or an expression whose value is a watch target. */
function watchNamed(text: string, evaluation: EvaluationContext): Watched {
  const written = parseWatch(text);
  if (written !== null) return { watch: written };
  const value = evaluate(text, evaluation);
  if (isProblem(value)) return { problem: value.problem };
  const watch = watchOf(value, evaluation);
  return watch === null
    ? { problem: 'Only slots, files, gfns, host pages, and ranges of them can be watched.' }
    : { watch };
}

/** Limits a watched range of gfns to its first `bytes`. */
function withBytes(watched: Watched, bytes: number | undefined): Watched {
  if (bytes === undefined || !('watch' in watched) || watched.watch.target.kind !== 'gfns') return watched;
  const { target, what } = watched.watch;
  return { watch: { target: { ...target, ...pagesAt(bytesOf(target.start), bytes) }, what } };
}

function watchedBy(context: Context, args: Arguments): Watched {
  const name = optionalText(args, 'name') ?? '';
  const bytes = optionalCount(args, 'bytes');
  if (optionalFlag(args, 'asAddress'))
    return watchAtAddress(name, bytes ?? 1, evaluationContextFor(context, args));
  const reference = optionalCount(args, 'variablesReference') ?? 0;
  if (reference === 0) return withBytes(watchNamed(name, evaluationContextFor(context, args)), bytes);
  if (context.children.isStale(reference)) return { problem: 'The scenario has moved on.' };
  const known = context.children.get(reference);
  if (known === undefined)
    throw new RequestError('The variables reference is unknown: it was never handed out.');
  const expression = expressionNamed(known, name);
  if (expression === undefined) return { problem: 'This row cannot be watched.' };
  return withBytes(watchNamed(expression, known.evaluation), bytes);
}

/** `slot 0 zapped`; if any change is watched, the possible kinds. */
function description(watch: Watch): string {
  if (watch.what !== null) return watchText(watch);
  const whats = CHANGE_KINDS_OF[watch.target.kind];
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

/** Why a watch can never be hit; null if it can. */
function hopeless(context: Context, { target }: Watch): string | null {
  if (target.kind !== 'file-pages' || context.scenario === null) return null;
  const { statements } = trunkOf(context.scenario).program;
  const isMade = statements.some(({ call }) => call.kind === 'gmem' && call.name === target.file);
  return isMade ? null : `The scenario has no file ${target.file}.`;
}

/** Creates a data breakpoint from the text of a watch. */
export function dataBreakpointOf(context: Context, dataId: string, rule: Rule): DataBreakpoint {
  const watch = parseWatch(dataId);
  const problem =
    watch === null
      ? `${dataId} cannot be watched: write a watch such as slot 0 or gfn 0x80000..0x80010 zapped.`
      : hopeless(context, watch);
  return { id: context.nextBreakpointId(), watch: problem === null ? watch : null, problem, rule };
}

function dataBreakpoint(context: Context, args: Arguments): DataBreakpoint {
  const access = optionalText(args, 'accessType') ?? 'write';
  const wanted = dataBreakpointOf(context, optionalText(args, 'dataId') ?? '', ruleOf(args));
  if (access === 'write' || wanted.problem !== null) return wanted;
  return { ...wanted, watch: null, problem: 'Reads are not recorded: only changes can be watched.' };
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
 * Goes back to the step that last changed the watch target of an expression.
 * @throws RequestError if the expression has no watch target, or `what` does not apply to it.
 */
export function lastChangeSlice(
  context: Context,
  text: string,
  what: string | undefined,
  evaluation: EvaluationContext,
): Slice {
  const watched = watchNamed(text, evaluation);
  if ('problem' in watched) throw new RequestError(watched.problem, true);
  const { target } = watched.watch;
  const wanted =
    what === undefined ? watched.watch.what : CHANGE_KINDS_OF[target.kind].find((one) => one === what);
  if (wanted === undefined) {
    throw new RequestError(`It cannot be ${what}, only ${CHANGE_KINDS_OF[target.kind].join(', ')}.`, true);
  }
  const found = (from: Moment, to: Moment): Found | null => {
    const changes = changesOf(target, wanted, happeningOf(from, to));
    if (changes.length === 0) return null;
    const data = { target: watchTargetText(target), changes, from };
    return { at: from, stop: { kind: 'breakpoint', ids: [], data, problems: [] } };
  };
  const slice = throughBranches(context, () => found);
  const message = `Nothing ${didText(wanted)} ${watchTargetText(target)} before this.`;
  return orNowhere(context, slice, ({ kind }) => kind === 'start', message);
}

function didText(what: ChangeKind | null): string {
  return what ?? 'changed';
}

/** `gmemscope/lastChange`: goes to the last change of `expression`; `what` is the kind of change. */
export const lastChange: Handler = (context, args) => {
  const text = optionalText(args, 'expression') ?? '';
  const slice = lastChangeSlice(
    context,
    text,
    optionalText(args, 'what'),
    evaluationContextFor(context, args),
  );
  return movingReply(context, slice);
};
