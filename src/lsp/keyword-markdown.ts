import { type StatementSpec, syntaxLine } from '../language';

/** What a statement is, for hovers and completion. */
export function keywordMarkdown(spec: StatementSpec): string {
  const instruction = spec.instruction === undefined ? [] : [`Instruction \`${spec.instruction}\``];
  const call = spec.systemCall === '' ? [] : [`System call \`${spec.systemCall}\``];
  const does = spec.kernelFunction === '' ? [] : [`kernel function \`${spec.kernelFunction}()\``];
  const sources = [...instruction, ...call, ...does, `[${spec.manual.title}](${spec.manual.url})`].join(
    ' · ',
  );
  const text = [spec.doc, spec.details].filter((part) => part !== '').join(' ');
  return [`\`\`\`gmem\n${syntaxLine(spec)}\n\`\`\``, text, sources].join('\n\n');
}
