/** Maps a position in a scenario to an expression: `slot(0)` for the number after `slot`. */
import {
  type ArgumentPart,
  argumentsOf,
  type Document,
  type NameNode,
  type NumberNode,
  nameFor,
  numberFor,
  type Span,
  type Statement,
} from '../language';
import { hex } from '../outcome';

export interface ExpressionAt {
  readonly expression: string;
  readonly span: Span;
}

/** Numbers are written by value, whatever their notation in the scenario. */
function textOf(node: NumberNode | NameNode): string {
  return node.kind === 'number' && node.value !== null ? hex(node.value) : node.text;
}

function offsetExpression({ names, numbers }: Statement, text: string): string {
  if (names.file !== undefined) return `${names.file.text}.page(${text} / 4K)`;
  return numbers.slot === undefined ? text : `memory(${textOf(numbers.slot)})`;
}

function expressionOf({ role }: ArgumentPart, statement: Statement, text: string): string | null {
  switch (role) {
    case 'gpa':
      return `page(${text})`;
    case 'slot':
      return `slot(${text})`;
    case 'vcpu':
      return `vcpu(${text})`;
    case 'vm-number':
      return `vm(${text})`;
    case 'offset':
      return offsetExpression(statement, text);
    case 'file':
    case 'size':
    case 'asid':
    case 'vmpl':
      return text;
    default:
      return null;
  }
}

function contains({ start, end }: Span, offset: number): boolean {
  return start <= offset && offset <= end;
}

/** The statement at an offset. */
function statementAt({ statements }: Document, offset: number): Statement | undefined {
  return statements.find(({ span }) => contains(span, offset));
}

/** The expression for the argument at an offset, shown while the scenario is debugged; null if there is none. */
export function expressionAt(document: Document, offset: number): ExpressionAt | null {
  const statement = statementAt(document, offset);
  if (statement === undefined) return null;
  for (const part of argumentsOf(statement.spec)) {
    const node = numberFor(statement, part.role) ?? nameFor(statement, part.role);
    if (node === undefined || !contains(node.span, offset)) continue;
    const expression = expressionOf(part, statement, textOf(node));
    if (expression !== null) return { expression, span: node.span };
  }
  return null;
}

/** The expression for what a statement works on, for "who changed this": its slot, file or page. */
export function subjectAt(document: Document, offset: number): ExpressionAt | null {
  const here = expressionAt(document, offset);
  const statement = statementAt(document, offset);
  if (statement === undefined) return null;
  const { numbers, names, span } = statement;
  const isNumber = here !== null && /^\d/.test(here.expression);
  if (here !== null && !isNumber && !here.expression.startsWith('vcpu')) return here;
  if (numbers.slot !== undefined) return { expression: `slot(${textOf(numbers.slot)})`, span };
  if (numbers.gpa !== undefined) {
    const size = numbers.size === undefined ? '4K' : textOf(numbers.size);
    return { expression: `gfns(${textOf(numbers.gpa)}, ${size})`, span };
  }
  return names.file === undefined ? null : { expression: names.file.text, span };
}
