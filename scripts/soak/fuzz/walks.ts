import assert from 'node:assert/strict';
import { isDeepStrictEqual } from 'node:util';
import fc from 'fast-check';
import { DebugSession } from '../../../src/dap';
import { isSilent, parse } from '../../../src/language';
import { scenarios } from '../../../test/generators/scenarios';
import { snpScenarios } from '../../../test/generators/snp';
import { type Splice, spanIn, splice } from './text';

interface Message {
  readonly type: string;
  readonly event?: string;
  readonly request_seq?: number;
  readonly success?: boolean;
  readonly message?: string;
  readonly body?: {
    readonly stackFrames?: readonly object[];
    readonly reason?: string;
    readonly text?: string;
    readonly output?: string;
  };
}

/** A debugger, and what it has sent. */
class Debugger {
  private readonly session: DebugSession;
  private readonly messages: Message[] = [];
  private seq = 0;
  private wake = () => {};
  /** The number of runs that were started. */
  runs = 0;

  /** @param text The text in the editor and on disk, which may change. */
  constructor(text: () => string) {
    this.session = new DebugSession({
      readFile: () => Promise.resolve(text()),
      shownText: text,
      onRun: () => this.runs++,
    });
    this.session.onDidSendMessage((message) => {
      this.messages.push(JSON.parse(JSON.stringify(message)));
      this.wake();
    });
  }

  private async next(matches: (message: Message) => boolean, from: number): Promise<Message> {
    for (;;) {
      const found = this.messages.slice(from).find(matches);
      if (found !== undefined) return found;
      await new Promise<void>((resolve) => {
        this.wake = resolve;
      });
    }
  }

  async ask(command: string, args: object = {}): Promise<Message> {
    const from = this.messages.length;
    const seq = ++this.seq;
    this.session.handleMessage({ seq, type: 'request', command, arguments: args });
    const answer = await this.next(({ request_seq }) => request_seq === seq, from);
    assert.doesNotMatch(answer.message ?? '', /The debugger failed/);
    return answer;
  }

  /** Moves, and returns where it stopped; null if the scenario is over. */
  async move(command: string, args: object = { threadId: 1 }): Promise<unknown> {
    const from = this.messages.length;
    const { success } = await this.ask(command, args);
    if (success === false) return this.stack();
    const { event, body } = await this.next(
      ({ event, body }) =>
        event === 'stopped' ||
        event === 'terminated' ||
        body?.output?.startsWith('Cannot restart: ') === true,
      from,
    );
    assert.doesNotMatch(body?.text ?? '', /simulator failed/);
    return event === 'terminated' ? null : this.stack();
  }

  async stack(): Promise<unknown> {
    const { body } = await this.ask('stackTrace', { threadId: 1 });
    return body?.stackFrames?.map((frame) => ({ ...frame, id: 0 }));
  }

  dispose(): void {
    this.session.dispose();
  }
}

const MOVES = [
  'next',
  'stepIn',
  'stepOut',
  'continue',
  'stepBack',
  'reverseContinue',
  'gmemscope/stepBackInto',
];

/** What a person does to the text, or asks about it, while the session is stopped. */
type Edit =
  | { readonly kind: 'splice'; readonly splice: Splice }
  | { readonly kind: 'insert'; readonly line: number; readonly text: string }
  /** The text of the run again. */
  | { readonly kind: 'undo' }
  | { readonly kind: 'restart' }
  | { readonly kind: 'restart here' }
  | { readonly kind: 'breakpoints'; readonly lines: readonly number[] };

type Action = { readonly kind: 'move'; readonly command: string } | Edit;

const action: fc.Arbitrary<Action> = fc.oneof(
  {
    arbitrary: fc.constantFrom(...MOVES).map((command): Action => ({ kind: 'move', command })),
    weight: 6,
  },
  { arbitrary: splice.map((one): Action => ({ kind: 'splice', splice: one })), weight: 1 },
  // After most of these the text can still run.
  {
    arbitrary: fc
      .tuple(fc.integer({ min: 2, max: 30 }), fc.constantFrom('', '# a comment', 'gmem EDITED size 4K'))
      .map(([line, text]): Action => ({ kind: 'insert', line, text })),
    weight: 2,
  },
  {
    arbitrary: fc.constantFrom<Action>({ kind: 'undo' }, { kind: 'restart' }, { kind: 'restart here' }),
    weight: 1,
  },
  {
    arbitrary: fc
      .array(fc.integer({ min: 1, max: 30 }), { maxLength: 3 })
      .map((lines): Action => ({ kind: 'breakpoints', lines })),
    weight: 1,
  },
);

/** Expectations of so many leaves, of which hardly any is met. */
function longExpectation(count: number): string {
  const gfns = Array.from({ length: count }, (_, at) => `0x${(2 * at).toString(16)}`);
  return `zapped gfn ${gfns.join(', ')}, ${gfns.map((gfn) => `mapped gfn ${gfn}`).join(', ')}`;
}

/** The scenario; a statement in so many has a long list of expectations. */
function withExpectations(text: string, every: number, count: number): string {
  if (every === 0) return text;
  const { statements } = parse(text);
  return statements.reduceRight((whole, { keyword, span: { end } }, at) => {
    if (keyword === 'vm' || isSilent(keyword) || at % every !== 0) return whole;
    return `${whole.slice(0, end)} => ${longExpectation(count)}${whole.slice(end)}`;
  }, text);
}

const texts = fc
  .tuple(
    fc.oneof(scenarios({ maxStatements: 10 }), snpScenarios({ maxStatements: 10 })),
    fc.nat(3),
    fc.constantFrom(1, 3, 200, 2000),
  )
  .map((parts) => withExpectations(...parts));

/** Goes back to where the run began. It also stops once at each kernel warning and at each breakpoint. */
async function goesBack(debug: Debugger, begun: unknown): Promise<void> {
  let stopped: unknown = null;
  for (let stops = 0; stops < 1000 && !isDeepStrictEqual(stopped, begun); stops++) {
    stopped = await debug.move('reverseContinue');
  }
  assert.deepEqual(stopped, begun);
}

export const walks = {
  name: 'walks',
  holds:
    'the debugger answers every move, also while the text is edited, and a step back from a step into leads to where it began',
  property: fc.asyncProperty(texts, fc.array(action, { maxLength: 30 }), async (text, actions) => {
    let shown = text;
    let ofRun = text;
    const debug = new Debugger(() => shown);
    await debug.ask('initialize', { adapterID: 'gmem' });
    const launched = await debug.ask('launch', { program: '/a.gmem' });
    assert.equal(launched.success, true, launched.message);
    /** Where the run began, with the lines of its own text; null if that is not known. */
    let begun: unknown = await debug.move('configurationDone', {});
    let isOver = begun === null;
    for (const one of actions) {
      if (isOver) break;
      if (one.kind === 'splice') {
        const { start, end } = spanIn(one.splice, shown.length);
        shown = shown.slice(0, start) + one.splice.text + shown.slice(end);
        await debug.stack();
      } else if (one.kind === 'insert') {
        shown = shown.split('\n').toSpliced(one.line, 0, one.text).join('\n');
        await debug.stack();
      } else if (one.kind === 'undo') {
        shown = ofRun;
      } else if (one.kind === 'breakpoints') {
        const breakpoints = one.lines.map((line) => ({ line }));
        const { success } = await debug.ask('setBreakpoints', { source: { path: '/a.gmem' }, breakpoints });
        assert.equal(success, true);
      } else if (one.kind === 'move') {
        const before = await debug.stack();
        isOver = (await debug.move(one.command)) === null;
        // From a call that has returned, a step back leads to the step before its return.
        if (one.command !== 'stepIn' || isOver || JSON.stringify(before).includes('(returned)')) continue;
        assert.deepEqual(await debug.move('stepBack', { threadId: 1, granularity: 'instruction' }), before);
      } else {
        const runs = debug.runs;
        const isHere = one.kind === 'restart here';
        isOver = (await debug.move(isHere ? 'gmemscope/restartHere' : 'restart', {})) === null;
        if (debug.runs === runs) continue;
        ofRun = shown;
        begun = isHere || isOver ? null : await debug.stack();
      }
    }
    shown = ofRun;
    if (!isOver && begun !== null) await goesBack(debug, begun);
    debug.dispose();
    return true;
  }),
};
