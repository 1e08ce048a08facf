import type { Connection } from 'vscode-languageserver';

/** Writes errors to the editor's log. Once the connection is closed, they are dropped. */
export function logError({ console }: Connection, message: string): void {
  try {
    console.error(message);
  } catch {
    // The connection was closed while a request was in progress.
  }
}

export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
