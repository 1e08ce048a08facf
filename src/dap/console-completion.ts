/** Completion of scenario statements in the debug console. */
import { currentVmOf, type EvaluationContext } from '../expressions';
import {
  type ArgumentPart,
  argumentsIn,
  type Candidate,
  candidatesAt,
  EXPECTATIONS,
  groupLabel,
  type Part,
  STATEMENTS,
  type Statement,
  syntaxLine,
  tokenize,
} from '../language';
import { hex } from '../outcome';
import { bytesOf } from '../simulator';

export interface Suggestion {
  readonly label: string;
  readonly doc: string;
}

function wordsOfPart(part: Part): readonly Suggestion[] {
  switch (part.kind) {
    case 'choice':
    case 'one-of':
      return part.words.map(({ word, doc }) => ({ label: word, doc }));
    case 'flag':
      return [{ label: part.word, doc: part.doc }];
    case 'group':
      return [{ label: groupLabel(part), doc: part.doc }];
    default:
      return argumentsIn(part).flatMap(({ label, what }) => (label === null ? [] : [{ label, doc: what }]));
  }
}

/** Existing values for an argument. */
function valuesOf({ role, defines }: ArgumentPart, context: EvaluationContext): readonly Suggestion[] {
  if (defines) return [];
  const { state, vm } = currentVmOf(context);
  switch (role) {
    case 'file':
      return Object.keys(state.descriptors).map((label) => ({ label, doc: 'guest_memfd' }));
    case 'slot':
      return vm.slots.map(({ id }) => ({ label: String(id), doc: `slot ${id}` }));
    case 'vcpu':
      return vm.vcpus.map((_, id) => ({ label: String(id), doc: `vCPU ${id}` }));
    case 'gpa':
      return vm.slots.map(({ id, baseGfn }) => {
        return { label: hex(bytesOf(baseGfn)), doc: `start of slot ${id}` };
      });
    default:
      return [];
  }
}

function wordsFor(candidate: Candidate, evaluation: EvaluationContext): readonly Suggestion[] {
  switch (candidate.kind) {
    case 'statement':
      return STATEMENTS.map((spec) => ({ label: spec.keyword, doc: syntaxLine(spec) }));
    case 'part':
      return wordsOfPart(candidate.part);
    case 'value':
      return valuesOf(candidate.part, evaluation);
    case 'arrow':
      return [{ label: '=>', doc: 'the expectation of the statement' }];
    case 'expectation':
      return EXPECTATIONS.flatMap(({ words, forms }) =>
        words.map((label) => ({ label, doc: forms.join(' | ') })),
      );
    case 'words':
      return candidate.words.map((label) => ({ label, doc: '' }));
    case 'number':
    case 'placeholder':
    case 'quantifier':
    case 'race-arrow':
    case 'race-expectation':
      return [];
  }
}

/** Whether a line that is being typed is a statement: `punch `, `slot 0`, but not `slot(0)`. */
function isBegun(before: string, statement: Statement | null): boolean {
  const [, second] = tokenize(before).tokens;
  if (statement === null || second === undefined) return false;
  return second.kind === 'end' ? /\s$/.test(before) : second.kind === 'word' || second.kind === 'number';
}

/** What the parser accepts after a text, and how many of its characters that replaces. */
export function statementWords(
  before: string,
  evaluation: EvaluationContext,
): { readonly words: readonly Suggestion[]; readonly replaces: number; readonly begun: boolean } {
  const { candidates, prefix, statement } = candidatesAt(before, before.length);
  const words = candidates.flatMap((candidate) => wordsFor(candidate, evaluation));
  return { words, replaces: prefix.end - prefix.start, begun: isBegun(before, statement) };
}
