/** A scenario in a document: its text, what it expects, and the comments under its statements. */
import { applyEdits, capped, finish, type Program, type TextEdit } from '../language';
import {
  acceptancesOf,
  annotationsByLine,
  type Checked,
  checkRace,
  checkScenario,
  contraryText,
  hasFailedExpectation,
  isAnnotated,
  withoutAnnotations,
} from '../outcome';
import { type Checking, define, fail, refer, replaceLines } from './checking';
import type { Request } from './instructions';
import type { CodeBlock } from './parts';
import {
  annotatedLines,
  documentLine,
  linesOfText,
  ownLines,
  type Source,
  sourceOf,
  wholeText,
} from './sources';

/** Errors in the scenario's own text. */
export function checkSyntax(checking: Checking, source: Source, fragment: boolean): boolean {
  const { document, diagnostics } = source.analysis;
  const wrong = (fragment ? document.diagnostics : diagnostics).filter(
    ({ severity }) => severity === 'error',
  );
  for (const { span, message, code } of capped(wrong)) {
    const line = documentLine(source, span.start) ?? source.line;
    checking.findings.push({
      line,
      about: 'scenario',
      what: 'the scenario has an error',
      expected: [],
      actual: [`${message} (${code})`],
    });
  }
  return wrong.length === 0;
}

/** Checks the expectations after `=>`; returns the edits that update the failed ones. */
function checkExpectations(checking: Checking, source: Source): readonly TextEdit[] {
  const { programs, document } = source.analysis;
  const all = programs.flatMap((program) => [...checkScenario(program)]);
  const seen = new Set<number>();
  for (const program of programs) checkRaceOf(checking, source, program);
  // What calls in and behind a race are expected to do is checked in all orders.
  const isOrdered = ({ statement: { race } }: Checked) => race === null;
  for (const { statement, failed } of all.filter(isOrdered).filter(hasFailedExpectation)) {
    const { span, expectation } = statement.statement;
    const line = documentLine(source, span.start);
    if (line === null || seen.has(span.start)) continue;
    seen.add(span.start);
    const what = wholeText(source).slice(span.start, expectation?.span.start).trim();
    const sides = {
      expected: failed.map(({ expected }) => expected),
      actual: failed.map(({ actual }) => actual),
    };
    checking.findings.push({ line, about: 'expectation', what, ...sides });
  }
  const isOwn = (one: Checked) => documentLine(source, one.statement.statement.span.start) !== null;
  const wants = (one: Checked) => hasFailedExpectation(one) && isOrdered(one) && isOwn(one);
  return acceptancesOf(document, all, wants).edits;
}

/** States after which a document gives up on a race: its reader should not wait. */
const MOST_STATES = 200_000;

/** Checks what a scenario expects of its race. */
function checkRaceOf(checking: Checking, source: Source, program: Program): void {
  const race = finish(checkRace(program, { maxStates: MOST_STATES }));
  if (race === null) return;
  const line = documentLine(source, race.keywordSpan.start);
  if (line !== null && !race.complete) {
    const actual = [`not every order was tried in ${MOST_STATES} states`];
    checking.findings.push({ line, about: 'expectation', what: 'race', expected: ['every order'], actual });
  }
  for (const verdict of race.failed) {
    const { quantifier, what, span } = verdict;
    const line = documentLine(source, span.start);
    if (line === null) continue;
    const actual = contraryText(verdict);
    checking.findings.push({
      ...{ line, about: 'expectation', what: 'race' },
      ...{ expected: [`${quantifier} ${what}`], actual: [actual] },
    });
  }
}

/** The outcome comments in the document, by the line on which their statement ends. */
function givenAnnotations(content: string): ReadonlyMap<number, readonly string[]> {
  const byLine = new Map<number, readonly string[]>();
  let at = -1;
  let found: string[] = [];
  for (const line of content.split('\n')) {
    if (/^[ \t]*#:/.test(line)) {
      found.push(line);
      byLine.set(at, found);
    } else {
      at++;
      found = [];
    }
  }
  return byLine;
}

/** Line of the document for line `plain` of the text without outcome comments, from 0. */
function lineWithAnnotations(content: string, plain: number): number {
  let seen = -1;
  const lines = content.split('\n');
  return lines.findIndex((line) => {
    if (!/^[ \t]*#:/.test(line)) seen++;
    return seen === plain;
  });
}

function checkAnnotations(checking: Checking, block: CodeBlock, plain: Source): void {
  const wanted = ownLines(plain, annotationsByLine(wholeText(plain), plain.analysis));
  const given = givenAnnotations(block.content);
  const texts = plain.text.split('\n');
  for (const at of [...new Set([...wanted.keys(), ...given.keys()])].sort((a, b) => a - b)) {
    const expected = given.get(at) ?? [];
    const actual = wanted.get(at) ?? [];
    if (expected.join('\n') === actual.join('\n')) continue;
    const line = block.start + Math.max(0, lineWithAnnotations(block.content, at));
    const bare = (lines: readonly string[]) => lines.map((text) => text.trim());
    checking.findings.push({
      line,
      about: 'shown',
      what: (texts[at] ?? '').trim(),
      expected: bare(expected),
      actual: bare(actual),
    });
  }
}

type Include = NonNullable<Request['include']>;
type ReadFile = NonNullable<Checking['readFile']>;

function includedText(readFile: ReadFile, { path, lines }: Include, line: number | null): string {
  const text = readFile(path);
  if (text === null) return fail(line ?? 0, `there is no file ${path}`);
  if (typeof text !== 'string') return fail(line ?? 0, `${path}: ${text.refused}`);
  const plain = withoutAnnotations(text);
  if (lines === null) return plain;
  const all = linesOfText(plain);
  if (lines.to > all.length) {
    const has = `${all.length} line${all.length === 1 ? '' : 's'}`;
    return fail(
      line ?? 0,
      `${path} has no line ${lines.to}: it has ${has}, not counting those that begin with \`#:\``,
    );
  }
  return `${all.slice(lines.from - 1, lines.to).join('\n')}\n`;
}

/** Whether the block equals its file; reports a difference. */
function isAsIncluded(checking: Checking, block: CodeBlock, request: Request): boolean {
  const { include } = request;
  if (include === null || checking.readFile === null) return true;
  const wanted = linesOfText(includedText(checking.readFile, include, request.line));
  const given = linesOfText(withoutAnnotations(block.content));
  const longer = Math.max(wanted.length, given.length);
  const at = Array.from({ length: longer }, (_, index) => index).find(
    (index) => given[index] !== wanted[index],
  );
  if (at === undefined) return true;
  const line = block.start + Math.max(0, lineWithAnnotations(block.content, Math.min(at, given.length - 1)));
  const one = (lines: readonly string[]) => (lines[at] === undefined ? [] : [lines[at]]);
  const what = `${include.path}, line ${(include.lines?.from ?? 1) + at}`;
  checking.findings.push({ line, about: 'file', what, expected: one(given), actual: one(wanted) });
  // What the statements do is written once they are right.
  replaceLines(checking, block, [...wanted, ...(isAnnotated(block.content) ? ['#:'] : [])]);
  return false;
}

/** The name of the file that the block shows completely. */
function shownFile({ include, after }: Request): string | null {
  return include === null || include.lines !== null || after !== null
    ? null
    : include.path.replace(/^.*\//, '');
}

/** A scenario that readers see: its text, its expectations, and the comments under its statements. */
export function checkScenarioBlock(checking: Checking, block: CodeBlock, request: Request): void {
  const after = request.after === null ? null : refer(checking, request.after, request.line ?? block.start);
  if (!isAsIncluded(checking, block, request)) return;
  const written = sourceOf(block.content, block.start, after);
  const isFragment = request.role.kind === 'fragment';
  if (!checkSyntax(checking, written, isFragment) || isFragment) return;
  const plain = sourceOf(withoutAnnotations(block.content), block.start, after, shownFile(request));
  checking.last = plain;
  if (request.name !== null) define(checking, request.name, plain, request.line ?? block.start);
  const edits = checkExpectations(checking, written);
  if (isAnnotated(block.content)) checkAnnotations(checking, block, plain);
  // A document that includes a file does not modify it.
  const text =
    request.include === null
      ? applyEdits(wholeText(written), edits).slice(written.before.length)
      : block.content;
  const fresh = sourceOf(withoutAnnotations(text), block.start, after);
  const lines = isAnnotated(block.content) ? annotatedLines(fresh) : linesOfText(fresh.text);
  if (lines.join('\n') !== linesOfText(block.content).join('\n')) replaceLines(checking, block, lines);
}
