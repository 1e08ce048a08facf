/** The scenarios of a document while it is being written: where each is, and what it continues. Nothing is run. */
import { withoutAnnotations } from '../outcome';
import { elementAt } from '../simulator';
import { InstructionError, NO_REQUEST, type Request, requestOf, setupOf } from './instructions';
import { type FindParts, type Instruction, linesOf, type Part } from './parts';

export interface ShownScenario {
  /** Statements before its own, each line ended. */
  readonly before: string;
  /** Its own, as in the document, without the prefix of each line. */
  readonly text: string;
  /** Line of the document on which its own begin, from 0. */
  readonly start: number;
  /** Number of characters before each of its lines in the document. */
  readonly indents: readonly number[];
  /** Whether readers see it. */
  readonly shown: boolean;
  /** Whether it only has to be well formed. */
  readonly fragment: boolean;
  /** Whether the document has a figure of it. */
  readonly figured: boolean;
}

const LANGUAGE = 'gmem';

function ended(text: string): string {
  return text === '' || text.endsWith('\n') ? text : `${text}\n`;
}

function requestFor(instructions: readonly Instruction[]): Request {
  try {
    return instructions.length === 0 ? NO_REQUEST : requestOf(instructions);
  } catch (error) {
    if (error instanceof InstructionError) return NO_REQUEST;
    throw error;
  }
}

function setupIn(part: Instruction): ReturnType<typeof setupOf> {
  try {
    return setupOf(part);
  } catch (error) {
    if (error instanceof InstructionError) return null;
    throw error;
  }
}

/** Number of characters before each line of the text in the document. */
function indentsOf(text: string, start: number, lines: readonly string[]): readonly number[] {
  return text.split('\n').map((own, at) => {
    const line = lines[start + at] ?? '';
    return line.endsWith(own) ? line.length - own.length : 0;
  });
}

/** In the order of the document. Malformed comments are ignored. */
export function scenariosOf(document: string, findParts: FindParts): readonly ShownScenario[] {
  const lines = linesOf(document);
  const found: (ShownScenario & { figured: boolean })[] = [];
  /** For each name, its scenario and the text that a continuation needs before it. */
  const named = new Map<string, { readonly whole: string; readonly scenario: { figured: boolean } }>();
  const add = (text: string, start: number, before: string, more: { shown: boolean; fragment: boolean }) => {
    const scenario = { before, text, start, indents: indentsOf(text, start, lines), figured: false, ...more };
    found.push(scenario);
    return scenario;
  };
  const name = (called: string, scenario: ShownScenario & { figured: boolean }) =>
    named.set(called, { whole: ended(scenario.before + withoutAnnotations(scenario.text)), scenario });
  let pending: Instruction[] = [];
  const visit = (part: Part) => {
    if (part.kind === 'lookalike') return;
    if (part.kind === 'instruction') {
      const setup = setupIn(part);
      if (setup === null) pending.push(part);
      else {
        // Leading blank lines are not part of it.
        let { line } = setup;
        while (
          line < lines.length &&
          elementAt(lines, line).trim() === '' &&
          !/^\s*(?:\n|$)/.test(setup.text)
        )
          line++;
        name(setup.name, add(setup.text, line, '', { shown: false, fragment: false }));
      }
      return;
    }
    if (part.kind === 'passage') {
      pending = [];
      return;
    }
    const request = requestFor(pending);
    const isAsked = pending.length > 0;
    pending = [];
    const { role } = request;
    if (role.kind === 'figure' || role.kind === 'schedule') {
      const of = role.of === null ? found.findLast(({ shown }) => shown) : named.get(role.of)?.scenario;
      if (of !== undefined) of.figured = true;
    } else if (part.kind === 'code' && role.kind !== 'run') {
      if (part.language !== LANGUAGE && !(part.language === '' && isAsked)) return;
      const before = request.after === null ? '' : (named.get(request.after)?.whole ?? '');
      const scenario = add(part.content, part.start, before, {
        shown: true,
        fragment: role.kind === 'fragment',
      });
      if (request.name !== null) name(request.name, scenario);
    }
  };
  for (const part of findParts(document)) visit(part);
  return found;
}
