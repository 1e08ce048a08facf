/** Colours for terminals. */
import { styleText } from 'node:util';
import { UsageError } from './exit';
import { visible } from './visible';

export type Paint = 'title' | 'statement' | 'failed' | 'added' | 'number' | 'quiet' | 'error' | 'warning';

const STYLES = {
  title: 'underline',
  statement: 'bold',
  failed: 'red',
  added: 'green',
  number: 'gray',
  quiet: 'gray',
  error: 'red',
  warning: 'yellow',
} as const satisfies Record<Paint, Parameters<typeof styleText>[0]>;

export type Painter = (paint: Paint, text: string) => string;

/** The streams that a command colours. */
const painted = new WeakSet<NodeJS.WriteStream>();

/** Whether a command colours what it prints to the stream. */
export function hasColours(stream: NodeJS.WriteStream): boolean {
  return painted.has(stream);
}

/** `--color`; by default, output to a terminal is coloured unless NO_COLOR is set (https://no-color.org). */
export function isPainted(stream: NodeJS.WriteStream, option: string | undefined): boolean {
  if (option !== undefined && !['auto', 'always', 'never'].includes(option)) {
    throw new UsageError(`--color is auto, always or never, not \`${option}\``);
  }
  const wanted = !process.env.NO_COLOR && (stream.isTTY === true || Boolean(process.env.FORCE_COLOR));
  const on = option === 'always' || (option !== 'never' && wanted);
  if (on) painted.add(stream);
  else painted.delete(stream);
  return on;
}

export function painter(on: boolean): Painter {
  return on
    ? (paint, text) => styleText(STYLES[paint], visible(text), { validateStream: false })
    : (_, text) => text;
}

export function painterFor(stream: NodeJS.WriteStream, option: string | undefined): Painter {
  return painter(isPainted(stream, option));
}
