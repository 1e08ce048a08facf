/** What can be typed in the debug console, of the scenario language: keywords, and what statements go on with. */
import { type Scene, vmOfScene } from '../expressions';
import {
  type ArgumentPart,
  argumentsIn,
  CLAIMS,
  type Expectation,
  expectedAt,
  groupLabel,
  type Part,
  STATEMENTS,
  type Statement,
  syntaxLine,
  tokenize,
} from '../language';
import { hex } from '../outcome';
import { bytesOf } from '../simulator/units';

export interface Word {
  readonly label: string;
  readonly doc: string;
}

function wordsOfPart(part: Part): readonly Word[] {
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

/** What an argument could be, of what there is. */
function valuesOf({ role, defines }: ArgumentPart, scene: Scene): readonly Word[] {
  if (defines) return [];
  const { state, vm } = vmOfScene(scene);
  switch (role) {
    case 'file':
      return Object.keys(state.descriptors).map((label) => ({ label, doc: 'guest_memfd' }));
    case 'slot':
      return vm.slots.map(({ id }) => ({ label: String(id), doc: `slot ${id}` }));
    case 'vcpu':
      return vm.vcpus.map((_, id) => ({ label: String(id), doc: `vCPU ${id}` }));
    case 'gpa':
      return vm.slots.map(({ id, baseGfn }) => {
        return { label: hex(bytesOf(baseGfn)), doc: `where slot ${id} begins` };
      });
    default:
      return [];
  }
}

function wordsFor(expectation: Expectation, scene: Scene): readonly Word[] {
  switch (expectation.kind) {
    case 'statement':
      return STATEMENTS.map((spec) => ({ label: spec.keyword, doc: syntaxLine(spec) }));
    case 'part':
      return wordsOfPart(expectation.part);
    case 'value':
      return valuesOf(expectation.part, scene);
    case 'outcome':
      return [{ label: '=>', doc: 'what the statement has to do' }];
    case 'claim':
      return CLAIMS.flatMap(({ words, forms }) => words.map((label) => ({ label, doc: forms.join(' | ') })));
    case 'words':
      return expectation.words.map((label) => ({ label, doc: '' }));
    case 'number':
    case 'claimed':
      return [];
  }
}

/** Whether a line that is being typed is a statement: `punch `, `slot 0`, but not `slot(0)`. */
function isBegun(before: string, statement: Statement | null): boolean {
  const [, second] = tokenize(before).tokens;
  if (statement === null || second === undefined) return false;
  return second.kind === 'end' ? /\s$/.test(before) : second.kind === 'word' || second.kind === 'number';
}

/** What the parser would take behind a text, and how many characters of it that replaces. */
export function statementWords(
  before: string,
  scene: Scene,
): { readonly words: readonly Word[]; readonly replaces: number; readonly begun: boolean } {
  const { expectations, prefix, statement } = expectedAt(before, before.length);
  const words = expectations.flatMap((expectation) => wordsFor(expectation, scene));
  return { words, replaces: prefix.end - prefix.start, begun: isBegun(before, statement) };
}
