/** Taking a command line apart. */
import { type ParseArgsConfig, parseArgs } from 'node:util';
import { UsageError } from './exit';

type Options = Record<string, { readonly type: 'string' | 'boolean' }>;

interface CommandLine<O extends Options> {
  readonly values: { readonly [K in keyof O]?: O[K]['type'] extends 'string' ? string : boolean };
  /** Never empty. */
  readonly positionals: readonly string[];
}

/** @throws UsageError where an option is unknown, or no file is named. */
export function parseCommandLine<O extends Options>(
  command: string,
  args: readonly string[],
  options: O,
): CommandLine<O> {
  const config: ParseArgsConfig = { args: [...args], allowPositionals: true, options };
  const { values, positionals } = attempt(() => parseArgs(config));
  if (positionals.length === 0) throw new UsageError(`\`${command}\` needs a .gmem file`);
  return { values: values as CommandLine<O>['values'], positionals };
}

function attempt<T>(parse: () => T): T {
  try {
    return parse();
  } catch (error) {
    throw new UsageError((error as Error).message);
  }
}
