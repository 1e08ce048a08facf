/** A request that cannot be served; the client shows the message. */
export class RequestError extends Error {
  /**
   * @param quiet Whether the client shows the message inline, in a watch, a hover or the console.
   * @param line The line of the scenario with the error, from 1; null if it is in no line.
   */
  constructor(
    message: string,
    readonly quiet = false,
    readonly line: number | null = null,
  ) {
    super(message);
  }
}
