/** A request that cannot be served; the message goes to the person at the client. */
export class RequestError extends Error {}
