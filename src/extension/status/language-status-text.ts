import type { Analysis } from '../../language';

/** What the status of a scenario's file says of its claims. */
export interface ClaimsStatus {
  readonly text: string;
  readonly detail: string;
  readonly isWarning: boolean;
}

function counted(count: number, what: string): string {
  return `${count} ${what}${count === 1 ? '' : 's'}`;
}

/**
 * The scenarios of a file and whether their claims are met.
 * @param codes Those of the diagnostics that the language server has for it: it has run the scenarios.
 */
export function claimsStatus({ programs, document }: Analysis, codes: readonly string[]): ClaimsStatus {
  const claims = document.statements.filter(({ outcome }) => outcome !== null).length;
  const text = `${counted(programs.length, 'scenario')}, ${counted(claims, 'claim')}`;
  const errors = programs.some((program) => program.errors.length > 0);
  const unmet = codes.filter((code) => code === 'G206').length;
  const isCut = codes.includes('G204') || codes.includes('G205');
  if (errors) return { text, detail: 'there are errors', isWarning: true };
  if (unmet > 0) return { text, detail: `${counted(unmet, 'outcome')} not as claimed`, isWarning: true };
  if (claims === 0) return { text, detail: 'nothing is claimed', isWarning: false };
  const detail = isCut ? 'not all were checked while typing' : 'all are met';
  return { text, detail, isWarning: false };
}
