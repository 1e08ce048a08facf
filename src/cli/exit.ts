/** Exit codes, and the error for a wrong command line. */

/** Success; a call that KVM refuses is an outcome, not a failure. */
export const OK = 0;

/** A file could not be read, or a scenario has errors. */
export const FAILED = 1;

/** Wrong command line. */
export const USAGE_ERROR = 2;

export class UsageError extends Error {}
