/** Reading the arguments of requests: they come from outside, so nothing is taken for granted. */
import { RequestError } from './errors';

export type Arguments = Readonly<Record<string, unknown>>;

export function isRecord(value: unknown): value is Arguments {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** The arguments as a record; without any, an empty one. */
export function argumentsOf(value: unknown): Arguments {
  if (value === undefined || value === null) return {};
  if (!isRecord(value)) throw new RequestError('The arguments of the request are not an object.');
  return value;
}

/** An integer that is not negative. */
export function optionalCount(args: Arguments, name: string): number | undefined {
  const value = args[name];
  if (value === undefined || value === null) return undefined;
  if (typeof value !== 'number' || !Number.isSafeInteger(value) || value < 0) {
    throw new RequestError(`The argument ${name} is not a whole number from 0 on.`);
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
  if (typeof value !== 'string') throw new RequestError(`The argument ${name} is not a text.`);
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

/** The records of a list; without one, none. */
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
    throw new RequestError(`The argument ${name} is not a list of texts.`);
  }
  return value;
}
