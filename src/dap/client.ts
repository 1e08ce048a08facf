/** How the client numbers lines and columns, and what it supports. */
import { type Arguments, optionalFlag } from './arguments';

export interface Client {
  readonly linesStartAt1: boolean;
  readonly columnsStartAt1: boolean;
  readonly showsProgress: boolean;
  /** It supports memory events, and reads memory again after one. */
  readonly watchesMemory: boolean;
}

export const DEFAULT_CLIENT: Client = {
  linesStartAt1: true,
  columnsStartAt1: true,
  showsProgress: false,
  watchesMemory: false,
};

export function clientOf(args: Arguments): Client {
  return {
    linesStartAt1: optionalFlag(args, 'linesStartAt1') ?? true,
    columnsStartAt1: optionalFlag(args, 'columnsStartAt1') ?? true,
    showsProgress: optionalFlag(args, 'supportsProgressReporting') ?? false,
    watchesMemory: optionalFlag(args, 'supportsMemoryEvent') ?? false,
  };
}

/** A line from 1, as the client counts it. */
export function lineFor(client: Client, line: number): number {
  return client.linesStartAt1 ? line : line - 1;
}

export function columnFor(client: Client, column: number): number {
  return client.columnsStartAt1 ? column : column - 1;
}

/** The line, from 1, for a line number of the client. */
export function lineFrom(client: Client, line: number): number {
  return client.linesStartAt1 ? line : line + 1;
}

export function columnFrom(client: Client, column: number): number {
  return client.columnsStartAt1 ? column : column + 1;
}
