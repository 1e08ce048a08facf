/** Parses the command line. */
import { type ParseArgsConfig, parseArgs } from 'node:util';
import { UsageError } from './exit';

type Options = Record<string, { readonly type: 'string' | 'boolean' }>;

interface CommandLine<O extends Options> {
  readonly values: { readonly [K in keyof O]?: O[K]['type'] extends 'string' ? string : boolean };
  readonly positionals: readonly string[];
  /** Options and positional arguments in their order. */
  readonly tokens: readonly Token[];
}

/** An option with its value, or a positional argument. */
export interface Token {
  /** Null for a positional argument. */
  readonly option: string | null;
  readonly value: string;
}

/**
 * The command line of a command that takes at least one file. `file` names the kind of file, with its article.
 * @throws UsageError if an option is unknown or no file is named.
 */
export function parseCommandLine<O extends Options>(
  command: string,
  args: readonly string[],
  options: O,
  file = 'a .gmem file',
): CommandLine<O> {
  const commandLine = parse(args, options);
  if (commandLine.positionals.length === 0) throw new UsageError(`\`${command}\` needs ${file}`);
  return commandLine;
}

/**
 * Checks the command line of a server that talks over standard input and output. Many editors pass `--stdio` to every
 * server, even to those without another transport.
 * @throws UsageError for any other argument.
 */
export function checkServerCommandLine(command: string, args: readonly string[]): void {
  const { positionals } = parse(args, { stdio: { type: 'boolean' } });
  if (positionals.length > 0) throw new UsageError(`\`${command}\` takes no file: the editor names it`);
}

/** @throws UsageError if an option is unknown. */
function parse<O extends Options>(args: readonly string[], options: O): CommandLine<O> {
  const config = { args: [...args], allowPositionals: true, options, tokens: true } satisfies ParseArgsConfig;
  try {
    const { values, positionals, tokens } = parseArgs(config);
    const inOrder = tokens.flatMap((token): Token[] => {
      if (token.kind === 'option-terminator') return [];
      return [{ option: token.kind === 'option' ? token.name : null, value: token.value ?? '' }];
    });
    return { values: values as CommandLine<O>['values'], positionals, tokens: inOrder };
  } catch (error) {
    throw new UsageError((error as Error).message);
  }
}
