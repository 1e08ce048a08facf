/** What the debugger needs from its host: the texts of files. */

export interface DebugHost {
  /** Reads the text of a file by path or URI; rejects with an Error if that fails. */
  readonly readFile: (path: string) => Promise<string>;
  /**
   * The text of a file as the client shows it now, saved or not: the client's line numbers refer to it. Undefined, or a
   * missing function, if the host does not know it.
   */
  readonly shownText?: (path: string) => string | undefined;
  /** Called at the start of each run with the text that it runs. */
  readonly onRun?: (text: string) => void;
}

/** A text without a byte order mark, which is not part of a scenario. */
export function withoutMark(text: string): string {
  return text.replace(/^\uFEFF/, '');
}
