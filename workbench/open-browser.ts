import { spawn } from 'node:child_process';

type Environment = Readonly<Record<string, string | undefined>>;

/** The command that opens an address in the user's browser, or undefined without a display. */
export function browserCommand(
  url: string,
  platform: NodeJS.Platform,
  environment: Environment,
): readonly [command: string, ...args: string[]] | undefined {
  if (environment.CI) return undefined;
  switch (platform) {
    case 'darwin':
      return ['open', url];
    case 'win32':
      return ['cmd', '/c', 'start', '', url];
    default:
      return environment.DISPLAY || environment.WAYLAND_DISPLAY ? ['xdg-open', url] : undefined;
  }
}

/** Opens an address if there is a browser. The address is printed in any case, so a failure is ignored. */
export function openBrowser(url: string): void {
  const found = browserCommand(url, process.platform, process.env);
  if (found === undefined) return;
  const [command, ...args] = found;
  spawn(command, args, { stdio: 'ignore', detached: true })
    .on('error', () => undefined)
    .unref();
}
