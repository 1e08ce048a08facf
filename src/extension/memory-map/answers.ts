/** What the debug session and the language server answer to `gmemscope/memoryMap`, as the page shows it. */
import type { MemoryMapBody } from '../../dap';
import type { MemoryMap } from '../../figures';
import type { StatementMap } from '../../lsp';
import type { Course, PageMap } from '../../memory-map/messages';

/** What the extension adds. */
export interface Around {
  /** Name of the file. */
  readonly name: string;
  readonly breakpoints: readonly string[];
  readonly answers: number;
}

/** A picture and the source location of its statement. */
export interface Answer {
  readonly map: MemoryMap;
  readonly where: string;
  readonly line: number | null;
  /** Title of the scenario if the file has several. */
  readonly title: string | null;
  readonly course: Course;
}

type Fields = Readonly<Record<string, unknown>>;

function isMemoryMap(value: unknown): value is MemoryMap {
  if (typeof value !== 'object' || value === null) return false;
  const { svg, statement, facts, outcome, alternative, shapes } = value as Fields;
  return (
    [svg, statement, alternative].every((text) => typeof text === 'string') &&
    [facts, outcome, shapes].every(Array.isArray)
  );
}

/** The fields that both answers share; undefined if one is missing. */
function fieldsOf(body: unknown): (Fields & Pick<Answer, 'map' | 'where' | 'line'>) | undefined {
  if (typeof body !== 'object' || body === null) return undefined;
  const fields = body as Fields;
  const { map, where, line } = fields;
  const isLine = line === null || Number.isSafeInteger(line);
  return isMemoryMap(map) && typeof where === 'string' && isLine
    ? { ...fields, map, where, line: line as number | null }
    : undefined;
}

function isCount(value: unknown): value is number {
  return Number.isSafeInteger(value);
}

/** Of a debug session: the slider covers its moments. */
export function readSessionMap(body: unknown): (Answer & { readonly uri: string }) | undefined {
  const fields = fieldsOf(body);
  if (fields === undefined) return undefined;
  const { map, where, line, uri, tick, ticks, previousStatement, nextStatement } = fields as Fields &
    Partial<MemoryMapBody> &
    Answer;
  if (!isCount(tick) || !isCount(ticks) || typeof uri !== 'string') return undefined;
  const course: Course = {
    unit: 'moment',
    at: tick,
    first: 0,
    last: ticks - 1,
    previousStatement: isCount(previousStatement) ? previousStatement : null,
    nextStatement: isCount(nextStatement) ? nextStatement : null,
  };
  return { map, where, line, title: null, course, uri };
}

/** Of the language server: the slider covers the statements of the scenario; -1 is before the first. */
export function readStatementMap(body: unknown): Answer | undefined {
  const fields = fieldsOf(body);
  if (fields === undefined) return undefined;
  const { map, where, line, title, statement, statements } = fields as Fields &
    Partial<StatementMap> &
    Answer;
  if (!isCount(statement) || !isCount(statements)) return undefined;
  const course: Course = {
    unit: 'statement',
    at: statement,
    first: -1,
    last: statements - 1,
    previousStatement: statement > -1 ? statement - 1 : null,
    nextStatement: statement < statements - 1 ? statement + 1 : null,
  };
  return { map, where, line, title: typeof title === 'string' ? title : null, course };
}

export function pageMapOf({ map, where, title, course }: Answer, around: Around): PageMap {
  const { svg, statement, facts, outcome, alternative, shapes } = map;
  const { name, breakpoints, answers } = around;
  const source = title === null ? name : `${name}, "${title}"`;
  const all = [source, ...facts].join(', ');
  return {
    svg,
    statement,
    source: all,
    where,
    facts: all,
    outcome,
    alternative,
    shapes,
    course,
    breakpoints,
    answers,
  };
}
