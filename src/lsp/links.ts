import type { DocumentLink } from 'vscode-languageserver';
import type { Statement } from '../language';
import { runOf } from './background-run/background-run';
import type { ScenarioDocument } from './documents';
import { functionUrl } from './kernel-sources';
import { rangeOf } from './positions';

/** Links from a statement to its kernel function, or to its manual page if it has none. */

function linkOf({ spec }: Statement, kernel: string): { target: string; tooltip: string } | null {
  const { kernelFunction, manual } = spec;
  if (kernelFunction !== '') {
    return {
      target: functionUrl(kernel, kernelFunction),
      tooltip: `${kernelFunction}() in the kernel source`,
    };
  }
  return manual === null ? null : { target: manual.url, tooltip: manual.title };
}

export function documentLinks({ document, analysis, backgroundRun }: ScenarioDocument): DocumentLink[] {
  return analysis().document.statements.flatMap((statement): DocumentLink[] => {
    const { kernel } = runOf(backgroundRun(), statement).program.setup;
    const link = linkOf(statement, kernel);
    return link === null ? [] : [{ range: rangeOf(document, statement.keywordSpan), ...link }];
  });
}
