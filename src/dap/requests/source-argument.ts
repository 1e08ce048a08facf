/** The `source` argument of requests. */
import { type Arguments, count, optionalCount, optionalText, record } from '../arguments';
import type { Wanted } from '../breakpoints/locate';
import { type Client, columnFrom, lineFrom } from '../client';
import { RequestError } from '../errors';

export interface SourceArgument {
  /** Source reference of a listing; 0 for a file. */
  readonly reference: number;
  readonly path: string;
}

/** The source of a request: a listing by its reference, or a file by its path. */
export function sourceArgument(args: Arguments): SourceArgument {
  const source = record(args, 'source');
  const reference = optionalCount(source, 'sourceReference') ?? 0;
  const path = optionalText(source, 'path') ?? '';
  if (reference === 0 && path === '') {
    throw new RequestError('The source has neither a path nor a reference.');
  }
  return { reference, path };
}

export function wantedOf(client: Client, args: Arguments): Wanted {
  const column = optionalCount(args, 'column');
  return {
    line: lineFrom(client, count(args, 'line')),
    column: column === undefined ? null : columnFrom(client, column),
  };
}
