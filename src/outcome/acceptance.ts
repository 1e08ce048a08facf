/** The text that would claim what statements do. */
import { type CompiledStatement, printClaims, type TextEdit } from '../language';
import { acceptedClaims, hasNews } from './accept';
import type { Checked } from './verdict';

/** The claims of a statement, with what it did in the place of what is not so; as one types them. */
export function acceptedText({ statement: { expected }, actual }: Checked): string {
  return printClaims(acceptedClaims(expected, actual));
}

/** The edit that makes a statement claim what it did. */
export function acceptingEdit(checked: Checked): TextEdit {
  const { statement } = checked.statement;
  const claims = acceptedText(checked);
  if (statement.outcome !== null) return { span: statement.outcome.span, newText: `=> ${claims}` };
  const { end } = statement.span;
  return { span: { start: end, end }, newText: ` => ${claims}` };
}

/** Whether a statement claims what is not so. */
export function isUnmet({ unmet }: Checked): boolean {
  return unmet.length > 0;
}

/** Whether a statement claims nothing, and does something that is worth a claim. */
export function hasUnclaimedNews({ statement: { statement, expected }, actual }: Checked): boolean {
  return expected === null && statement.outcome === null && hasNews(actual);
}

export interface Acceptances {
  /** One for each statement. */
  readonly edits: readonly TextEdit[];
  /** Statements that do different things in the scenarios that share them: no claim would be so in all. */
  readonly disputed: readonly CompiledStatement[];
}

/** The same statement in each of the scenarios that share it. */
function byStatement(all: readonly Checked[]): readonly (readonly [Checked, ...Checked[]])[] {
  const groups = new Map<number, [Checked, ...Checked[]]>();
  for (const one of all) {
    const { start } = one.statement.statement.span;
    const group = groups.get(start);
    if (group === undefined) groups.set(start, [one]);
    else group.push(one);
  }
  return [...groups.values()];
}

/**
 * The edits that make statements claim what they did.
 * @param all Of every scenario of a file, so that what they share is seen in each.
 * @param wants Whether a statement is to be rewritten; where one of several scenarios wants it, it is.
 */
export function acceptancesOf(all: readonly Checked[], wants: (one: Checked) => boolean): Acceptances {
  const edits: TextEdit[] = [];
  const disputed: CompiledStatement[] = [];
  for (const group of byStatement(all)) {
    if (!group.some(wants)) continue;
    const [edit, ...others] = group.map(acceptingEdit);
    if (others.every(({ newText }) => newText === edit!.newText)) edits.push(edit!);
    else disputed.push(group[0].statement);
  }
  return { edits, disputed };
}
