import {
  type ArgumentPart,
  type ChoicePart,
  type GroupPart,
  groupLabel,
  type OneOfPart,
  type Part,
  pageLabel,
  type Role,
  type StatementSpec,
} from '../table/syntax';

/** Statements as TextMate snippets, with examples in the tab stops. */

/** Counts the tab stops of one snippet. */
type Stops = () => number;

function counter(): Stops {
  let last = 0;
  return () => ++last;
}

function argumentText(part: ArgumentPart, stop: Stops): string {
  const label = part.label === null ? '' : `${part.label} `;
  const value = part.example.slice(label.length);
  return `${label}\${${stop()}:${value}}`;
}

function choiceText(part: ChoicePart | OneOfPart, stop: Stops): string {
  return `\${${stop()}|${part.words.map(({ word }) => word).join(',')}|}`;
}

function partText(part: Part, stop: Stops): string {
  switch (part.kind) {
    case 'argument':
      return argumentText(part, stop);
    case 'choice':
    case 'one-of':
      return choiceText(part, stop);
    case 'either':
      return argumentText(part.labelled, stop);
    case 'flag':
      return part.word;
    case 'group':
      return part.parts.map((inner) => argumentText(inner, stop)).join(' ');
  }
}

/** Typical numbers in pages. */
const PAGES_EXAMPLES: Readonly<Partial<Record<Role, string>>> = { gpa: '0x80000', offset: '0', size: '512' };

/** A single part: `gmem ${1:A} offset ${2:0}`. */
export function partSnippet(part: Part): string {
  return partText(part, counter());
}

/** A single argument in pages: `gfn ${1:0x80000}`. */
export function pagesSnippet(part: ArgumentPart): string {
  return `${pageLabel(part)} \${1:${PAGES_EXAMPLES[part.role] ?? '1'}}`;
}

/** Two tasks, and what must never go wrong. */
function raceSnippet(stop: Stops): string {
  const [first, second] = [stop(), stop()];
  const tasks = `\ttask \${${first}:vcpu0} {\n\t\t$0\n\t}\n\ttask \${${second}:vmm} {\n\t\t$${stop()}\n\t}`;
  return `{\n${tasks}\n} => never \${${stop()}:STALE}`;
}

/** A whole statement, with its required parts and optionally one of its options. */
function statementSnippet(spec: StatementSpec, option?: GroupPart): string {
  const parts: readonly Part[] = option === undefined ? spec.required : [...spec.required, option];
  const stop = counter();
  const block = spec.block !== true ? [] : [spec.keyword === 'race' ? raceSnippet(stop) : '{\n\t$0\n}'];
  return [spec.keyword, ...parts.map((part) => partText(part, stop)), ...block].join(' ');
}

/** The snippets of a statement: one without options, and one for each optional group of arguments. */
export function snippetsOf(spec: StatementSpec): readonly { label: string; doc: string; body: string }[] {
  const groups = spec.options.filter((option) => option.kind === 'group');
  return [
    { label: spec.keyword, doc: spec.doc, body: statementSnippet(spec) },
    ...groups.map((option) => ({
      label: `${spec.keyword} … ${groupLabel(option)}`,
      doc: `${spec.doc} ${option.doc}`,
      body: statementSnippet(spec, option),
    })),
  ];
}
