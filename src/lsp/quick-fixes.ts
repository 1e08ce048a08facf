import { type CodeAction, CodeActionKind, type Diagnostic } from 'vscode-languageserver';
import type { Scenario } from './documents';

/** Quick fixes: what a "did you mean" meant. */

function replacementOf({ data }: Diagnostic): string | null {
  const replacement: unknown = typeof data === 'object' && data !== null ? data.replacement : null;
  return typeof replacement === 'string' ? replacement : null;
}

export function quickFixes({ document }: Scenario, diagnostics: readonly Diagnostic[]): CodeAction[] {
  return diagnostics.flatMap((diagnostic) => {
    const newText = replacementOf(diagnostic);
    if (newText === null) return [];
    return [
      {
        title: `Change to \`${newText}\``,
        kind: CodeActionKind.QuickFix,
        diagnostics: [diagnostic],
        isPreferred: true,
        edit: { changes: { [document.uri]: [{ range: diagnostic.range, newText }] } },
      },
    ];
  });
}
