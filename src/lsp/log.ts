import type { Connection } from 'vscode-languageserver';

/** Tells the editor's log what went wrong. After the connection is gone there is nobody to be told. */
export function logError({ console }: Connection, message: string): void {
  try {
    console.error(message);
  } catch {
    // Closed while something was still under way.
  }
}

export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
