/** Reads the arguments of requests. They come from the client, so every field is checked. */
import { RequestError } from './errors';

export type Arguments = Readonly<Record<string, unknown>>;

export function isRecord(value: unknown): value is Arguments {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** The arguments as a record; empty if there are none. */
export function argumentsOf(value: unknown): Arguments {
  if (value === undefined || value === null) return {};
  if (!isRecord(value)) throw new RequestError('The arguments of the request are not an object.');
  return value;
}

/** A non-negative integer. */
export function optionalCount(args: Arguments, name: string): number | undefined {
  const value = args[name];
  if (value === undefined || value === null) return undefined;
  if (typeof value !== 'number' || !Number.isSafeInteger(value) || value < 0) {
    throw new RequestError(`The argument ${name} is not a non-negative integer.`);
  }
  return value;
}

export function count(args: Arguments, name: string): number {
  const value = optionalCount(args, name);
  if (value === undefined) throw new RequestError(`The argument ${name} is missing.`);
  return value;
}

export function optionalText(args: Arguments, name: string): string | undefined {
  const value = args[name];
  if (value === undefined || value === null) return undefined;
  if (typeof value !== 'string') throw new RequestError(`The argument ${name} is not a string.`);
  return value;
}

export function optionalFlag(args: Arguments, name: string): boolean | undefined {
  const value = args[name];
  if (value === undefined || value === null) return undefined;
  if (typeof value !== 'boolean') throw new RequestError(`The argument ${name} is neither true nor false.`);
  return value;
}

export function record(args: Arguments, name: string): Arguments {
  const value = args[name];
  if (!isRecord(value)) throw new RequestError(`The argument ${name} is missing or not an object.`);
  return value;
}

/** The records of a list; empty if the list is missing. */
export function records(args: Arguments, name: string): readonly Arguments[] {
  const value = args[name] ?? [];
  if (!Array.isArray(value) || !value.every(isRecord)) {
    throw new RequestError(`The argument ${name} is not a list of objects.`);
  }
  return value;
}

export function texts(args: Arguments, name: string): readonly string[] {
  const value = args[name];
  if (!Array.isArray(value) || !value.every((item) => typeof item === 'string')) {
    throw new RequestError(`The argument ${name} is not a list of strings.`);
  }
  return value;
}
