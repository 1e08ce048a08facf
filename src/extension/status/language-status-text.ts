import type { Analysis } from '../../language';
import { counted } from '../../outcome';

/** The language status for a file's expectations. */
export interface ExpectationsStatus {
  readonly text: string;
  readonly detail: string;
  readonly isWarning: boolean;
}

/** Codes of failed expectations. */
const FAILED = ['G206', 'G210'];

/** Codes of what was not checked to the end. */
const CUT = ['G204', 'G205', 'G211'];

/**
 * The number of scenarios of a file and whether their expectations are met.
 * @param codes Codes of the language server's diagnostics: it has run the scenarios. Null if the document is no file,
 *   and has no diagnostics.
 */
export function expectationsStatus(
  { programs, document }: Analysis,
  codes: readonly string[] | null,
): ExpectationsStatus {
  const expectations = [...document.statements, ...document.races].filter(
    ({ expectation }) => expectation !== null,
  ).length;
  const text = `${counted(programs.length, 'scenario')}, ${counted(expectations, 'expectation')}`;
  const errors = programs.some((program) => program.errors.length > 0);
  if (errors) return { text, detail: 'errors', isWarning: true };
  if (codes === null) return { text, detail: 'not checked: this is not the file', isWarning: false };
  const failed = codes.filter((code) => FAILED.includes(code)).length;
  const isCut = codes.some((code) => CUT.includes(code));
  if (failed > 0) return { text, detail: counted(failed, 'failed expectation'), isWarning: true };
  if (expectations === 0) return { text, detail: 'no expectations', isWarning: false };
  const detail = isCut ? 'not all checked while typing' : 'all met';
  return { text, detail, isWarning: false };
}
