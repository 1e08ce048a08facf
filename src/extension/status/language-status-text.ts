import type { Analysis } from '../../language';

/** The language status for a file's expectations. */
export interface ClaimsStatus {
  readonly text: string;
  readonly detail: string;
  readonly isWarning: boolean;
}

function counted(count: number, what: string): string {
  return `${count} ${what}${count === 1 ? '' : 's'}`;
}

/**
 * The number of scenarios of a file and whether their expectations are met.
 * @param codes Codes of the language server's diagnostics: it has run the scenarios.
 */
export function claimsStatus({ programs, document }: Analysis, codes: readonly string[]): ClaimsStatus {
  const claims = document.statements.filter(({ outcome }) => outcome !== null).length;
  const text = `${counted(programs.length, 'scenario')}, ${counted(claims, 'expectation')}`;
  const errors = programs.some((program) => program.errors.length > 0);
  const unmet = codes.filter((code) => code === 'G206').length;
  const isCut = codes.includes('G204') || codes.includes('G205');
  if (errors) return { text, detail: 'errors', isWarning: true };
  if (unmet > 0) return { text, detail: counted(unmet, 'failed expectation'), isWarning: true };
  if (claims === 0) return { text, detail: 'no expectations', isWarning: false };
  const detail = isCut ? 'not all checked while typing' : 'all met';
  return { text, detail, isWarning: false };
}
