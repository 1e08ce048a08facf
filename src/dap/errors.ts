/** A request that cannot be served; the message goes to the person at the client. */
export class RequestError extends Error {
  /** @param quiet Whether the client shows the message in a place of its own: a watch, a hover, the console. */
  constructor(
    message: string,
    readonly quiet = false,
  ) {
    super(message);
  }
}
