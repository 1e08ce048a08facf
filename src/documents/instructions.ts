/** Parses the instructions in a document's comments. */
import type { Instruction } from './parts';

/** What the block after the comments is. */
export type Role =
  /** A scenario; only its own text is checked. */
  | { readonly kind: 'scenario' }
  /** Statements that only have to be well formed. */
  | { readonly kind: 'fragment' }
  /** What a scenario does, statement by statement. */
  | { readonly kind: 'run'; readonly of: string | null }
  | {
      readonly kind: 'figure';
      readonly of: string | null;
      /** From 1; null for the last. */
      readonly step: number | null;
      /** Shows the state after the step, without what it changed. */
      readonly state: boolean;
    }
  /** The order of steps of calls that overlap. */
  | {
      readonly kind: 'schedule';
      readonly of: string | null;
      /** A statement among its calls, from 1; null for the first schedule of the scenario. */
      readonly step: number | null;
      /** Number of the order of a race; null for the one that `render --schedule` draws. */
      readonly witness: number | null;
    };

/** The instructions for the next block or image. */
export interface Request {
  readonly role: Role;
  /** Name by which others refer to it. */
  readonly name: string | null;
  /** Name of the scenario that its statements continue. */
  readonly after: string | null;
  /** A file that it must equal, and optionally a range of its lines, from 1. */
  readonly include: {
    readonly path: string;
    readonly lines: { readonly from: number; readonly to: number } | null;
  } | null;
  /** Line of the first comment; null if there is none. */
  readonly line: number | null;
}

/** A scenario that readers do not see, used as a set-up for others. */
export interface Setup {
  readonly name: string;
  readonly line: number;
  readonly text: string;
}

/** An error in a comment. */
export class InstructionError extends Error {
  constructor(
    readonly line: number,
    message: string,
  ) {
    super(message);
  }
}

export const NO_REQUEST: Request = {
  role: { kind: 'scenario' },
  name: null,
  after: null,
  include: null,
  line: null,
};

const VERBS = 'setup, name, after, include, fragment, run or figure';

/** Consumes the words of an instruction one by one. */
class Words {
  private at = 0;

  constructor(private readonly instruction: Instruction) {}

  next(what: string): string {
    const word = this.instruction.words[this.at++];
    if (word === undefined) throw this.error(`${what} is missing`);
    return word;
  }

  /** Consumes the word if it is next. */
  take(word: string): boolean {
    if (this.instruction.words[this.at] !== word) return false;
    this.at++;
    return true;
  }

  number(what: string): number {
    const word = this.next(what);
    if (!/^[1-9]\d{0,8}$/.test(word))
      throw this.error(`${what} must be a number of at least 1, not \`${word}\``);
    return Number(word);
  }

  end(): void {
    const word = this.instruction.words[this.at];
    if (word !== undefined) throw this.error(`unexpected \`${word}\``);
  }

  error(message: string): InstructionError {
    return new InstructionError(
      this.instruction.line,
      `the comment \`gmem: ${this.instruction.words.join(' ')}\`: ${message}`,
    );
  }
}

function lineRange(words: Words): { from: number; to: number } | null {
  if (!words.take('lines')) return null;
  const text = words.next('the range of lines');
  const match = /^([1-9]\d{0,8})-([1-9]\d{0,8})$/.exec(text);
  const [from, to] = match === null ? [1, 0] : [Number(match[1]), Number(match[2])];
  if (to < from) throw words.error(`a range of lines is written as in \`lines 3-8\`, not \`${text}\``);
  return { from, to };
}

function figure(words: Words): Role {
  let of: string | null = null;
  let step: number | null = null;
  let witness: number | null = null;
  let state = false;
  let schedule = false;
  for (;;) {
    if (words.take('of')) of = words.next("the scenario's name");
    else if (words.take('step')) step = words.number('the step');
    else if (words.take('witness')) witness = words.number('the order');
    else if (words.take('schedule')) schedule = true;
    else if (words.take('state')) state = true;
    else break;
  }
  if (schedule && state) throw words.error('`schedule` and `state` exclude each other');
  if (schedule) return { kind: 'schedule', of, step, witness };
  if (witness !== null) throw words.error('`witness` needs `schedule`');
  return { kind: 'figure', of, step, state };
}

function parse(words: Words, request: Request): Request {
  const verb = words.next(VERBS);
  switch (verb) {
    case 'name':
      return { ...request, name: words.next('the name') };
    case 'after':
      return { ...request, after: words.next("the scenario's name") };
    case 'include':
      return { ...request, include: { path: words.next('the path of the file'), lines: lineRange(words) } };
    case 'fragment':
      return { ...request, role: { kind: 'fragment' } };
    case 'run':
      return {
        ...request,
        role: { kind: 'run', of: words.take('of') ? words.next("the scenario's name") : null },
      };
    case 'figure':
      return { ...request, role: figure(words) };
    default:
      throw words.error(`it must begin with ${VERBS}, not \`${verb}\``);
  }
}

/**
 * The set-up that an instruction defines; null if it concerns the next block.
 * @throws InstructionError if it has no name or no lines.
 */
export function setupOf(instruction: Instruction): Setup | null {
  const words = new Words(instruction);
  if (!words.take('setup')) return null;
  const name = words.next('the name');
  words.end();
  if (instruction.body.trim() === '')
    throw words.error('its scenario is missing: write it on the following lines of the comment');
  return { name, line: instruction.line + 1, text: instruction.body };
}

/**
 * The combined instructions before a block.
 * @throws InstructionError if one is malformed.
 */
export function requestOf(instructions: readonly Instruction[]): Request {
  return instructions.reduce<Request>((request, instruction) => {
    const words = new Words(instruction);
    const next = parse(words, request);
    words.end();
    if (instruction.body.trim() !== '') throw words.error('only a set-up may have more than one line');
    return { ...next, line: request.line ?? instruction.line };
  }, NO_REQUEST);
}
