/** A request that cannot be served; the client shows the message. */
export class RequestError extends Error {
  /** @param quiet Whether the client shows the message inline, in a watch, a hover or the console. */
  constructor(
    message: string,
    readonly quiet = false,
  ) {
    super(message);
  }
}
