import { elementAt, firstOf, must } from '../../simulator';
import type { Block, Document, Span, Statement } from './tree';

/**
 * Blocks: `scenario "title" { … }`. Each block of a document is a scenario, which consists of the statements above the
 * block that are outside blocks, followed by those in the block.
 */

/** The block that contains an offset; an unclosed block extends to the start of the next one. */
export function blockAt(document: Document, offset: number): Block | null {
  const last = document.blocks.findLast(({ span }) => span.start < offset);
  if (last === undefined) return null;
  return offset <= last.span.end || !last.closed ? last : null;
}

/** One scenario of a document. */
export interface Scenario {
  /** Null for a document without blocks, which is a single scenario. */
  readonly title: string | null;
  readonly block: Block | null;
  /** The shared statements and its own, in the order in which they run. */
  readonly statements: readonly Statement[];
}

/** The `kernel` with which a block begins, possibly after constants. */
export function ownKernel({ statements }: Block): Statement | undefined {
  const first = statements.find(({ keyword }) => keyword !== 'let');
  return first?.keyword === 'kernel' ? first : undefined;
}

/** The statements outside blocks. */
export function sharedStatements({ statements, blocks }: Document): readonly Statement[] {
  if (blocks.length === 0) return statements;
  const inBlocks = new Set<Statement>();
  for (const { header, statements: own } of blocks) {
    inBlocks.add(header);
    for (const statement of own) inBlocks.add(statement);
  }
  return statements.filter((statement) => !inBlocks.has(statement));
}

/** For each block, how many of the shared statements stand above it. */
export function sharedAbove({ blocks }: Document, shared: readonly Statement[]): readonly number[] {
  let above = 0;
  return blocks.map(({ span }) => {
    while (above < shared.length && elementAt(shared, above).span.start < span.start) above++;
    return above;
  });
}

/**
 * A scenario whose list of statements is made when it is first asked for: a document may have thousands of scenarios, each
 * with thousands of shared statements.
 */
function scenarioOf(shared: readonly Statement[], above: number, block: Block): Scenario {
  const list = () => {
    const kernel = ownKernel(block);
    const all = shared.slice(0, above);
    const used = kernel === undefined ? all : all.filter(({ keyword }) => keyword !== 'kernel');
    const own = block.statements.filter((statement) => statement !== kernel);
    const first = kernel === undefined ? [] : [kernel];
    return [...first, ...used, ...own];
  };
  let known: readonly Statement[] | null = null;
  return {
    title: block.header.names.title?.text ?? '',
    block,
    get statements() {
      known ??= list();
      return known;
    },
  };
}

/** The scenarios of a document, in the order of the text; at least one. */
export function scenariosOf(document: Document): readonly [Scenario, ...Scenario[]] {
  const [first, ...others] = document.blocks;
  if (first === undefined) return [{ title: null, block: null, statements: document.statements }];
  const shared = sharedStatements(document);
  const above = sharedAbove(document, shared);
  return [
    scenarioOf(shared, firstOf(above), first),
    ...others.map((block, at) => scenarioOf(shared, elementAt(above, at + 1), block)),
  ];
}

/** The scenario of the document from which a program was compiled. */
export function scenarioOfProgram(document: Document, program: { readonly block: Span | null }): Scenario {
  return must(
    scenariosOf(document).find(({ block }) => (block?.span ?? null) === program.block),
    'scenario of the program in the document',
  );
}

/**
 * Visits every statement in the order of the text. Statements outside blocks change the state for all that follow; each
 * block works on a copy of the state, so that no scenario sees the changes of another.
 */
export function* withStates<S>(
  { statements, blocks }: Document,
  shared: S,
  copy: (state: S) => S,
): Generator<readonly [statement: Statement, state: S]> {
  let inBlock = shared;
  let next = 0;
  let block: Block | undefined;
  for (const statement of statements) {
    if (statement === blocks[next]?.header) {
      block = blocks[next++];
      inBlock = copy(shared);
    } else if (block !== undefined && statement.span.start >= block.span.end) {
      block = undefined;
    }
    yield [statement, block === undefined ? shared : inBlock];
  }
}

/** Visits every statement in the order of the text, with its state. */
export function walk<S>(
  document: Document,
  shared: S,
  copy: (state: S) => S,
  visit: (statement: Statement, state: S) => void,
): void {
  for (const [statement, state] of withStates(document, shared, copy)) visit(statement, state);
}
