/**
 * Lines of the text that runs, and of the text that the client shows. A person edits a scenario while it is stopped:
 * then the lines in requests and responses are those of the edited text, but the run uses the text that it read.
 */
import { elementAt } from '../simulator';
import { type Client, lineFor } from './client';
import { type DebugHost, withoutMark } from './host';
import { linesOf, type MatchedLines, matchLines, matchOrBelow } from './matched-lines';
import type { DebuggedScenario } from './scenario';

/** A text that was compared with another one. */
interface Compared {
  readonly from: string;
  readonly to: string;
  readonly matched: MatchedLines;
}

/** Comparisons kept: both directions between the run and the editor, and the texts of earlier breakpoints. */
const MOST_KEPT = 4;

/** Follows the edits of one session's scenario. */
export class Edits {
  private kept: readonly Compared[] = [];

  constructor(private readonly host: DebugHost) {}

  /** The text of a file as the client shows it; undefined if the host does not know it. */
  shownText(path: string): string | undefined {
    try {
      const text = this.host.shownText?.(path);
      return text === undefined ? undefined : withoutMark(text);
    } catch {
      // The file was renamed or deleted.
      return undefined;
    }
  }

  /**
   * The line of `to` that corresponds to a line of `from`, both from 1; null if there is none. For a line without a
   * statement, it may be one further down.
   */
  lineIn(from: string, to: string, line: number): number | null {
    if (from === to) return line;
    const matched = this.match(from, to);
    const lines = linesOf(from);
    let at = Math.max(0, line - 1);
    while (at < lines.length && matched[at] === null && lines[at] === '') at++;
    // Lines below the text are below the other text, too.
    if (at >= lines.length) return linesOf(to).length + 1;
    const match = elementAt(matched, at);
    return match === null ? null : match + 1;
  }

  /** The line of the run, from 1, for a line of the shown text; null if the run does not have it. */
  lineOfRun({ path, text }: DebuggedScenario, line: number): number | null {
    return this.lineIn(this.shownText(path) ?? text, text, line);
  }

  /** The line of the shown text, from 1, for a line of the run. For a line that was deleted, the line below it. */
  lineShown({ path, text }: DebuggedScenario, line: number): number {
    return this.lineOrBelow(text, this.shownText(path) ?? text, line);
  }

  /** The same as the client counts it. */
  lineFor(client: Client, scenario: DebuggedScenario, line: number): number {
    return this.linesFor(client, scenario)(line);
  }

  /** lineFor() of one scenario for many lines: gets the shown text once, at the first of them. */
  linesFor(client: Client, { path, text }: DebuggedScenario): (line: number) => number {
    let shown: string | undefined;
    return (line) => {
      shown ??= this.shownText(path) ?? text;
      return lineFor(client, this.lineOrBelow(text, shown, line));
    };
  }

  /** The line of `to` that corresponds to a line of `from`, or else to the first line below it. */
  lineOrBelow(from: string, to: string, line: number): number {
    if (from === to) return line;
    return (matchOrBelow(this.match(from, to), line - 1) ?? linesOf(to).length - 1) + 1;
  }

  private match(from: string, to: string): MatchedLines {
    const known = this.kept.find((one) => one.from === from && one.to === to);
    if (known !== undefined) return known.matched;
    const matched = matchLines(from, to);
    this.kept = [{ from, to, matched }, ...this.kept].slice(0, MOST_KEPT);
    return matched;
  }
}
