/** Exit codes, and the error that stands for a wrong command line. */

/** Everything was done as asked; a call that KVM refuses is an outcome, not a failure. */
export const OK = 0;

/** A file could not be read, or a scenario has errors. */
export const FAILED = 1;

/** The command line makes no sense. */
export const USAGE_ERROR = 2;

export class UsageError extends Error {}
