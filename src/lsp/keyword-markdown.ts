import { type StatementSpec, syntaxLine } from '../language';

/** What a statement is, for hovers and completion. */
export function keywordMarkdown(spec: StatementSpec): string {
  const instruction = spec.instruction === undefined ? [] : [`Instruction \`${spec.instruction}\``];
  const call = spec.systemCall === '' ? [] : [`System call \`${spec.systemCall}\``];
  const does = spec.kernelFunction === '' ? [] : [`kernel function \`${spec.kernelFunction}()\``];
  const { manual } = spec;
  const read = manual === null ? [] : [`[${manual.title}](${manual.url})`];
  const sources = [...instruction, ...call, ...does, ...read].join(' · ');
  const text = [spec.doc, spec.details].filter((part) => part !== '').join(' ');
  const parts = [`\`\`\`gmem\n${syntaxLine(spec)}\n\`\`\``, text, sources];
  return parts.filter((part) => part !== '').join('\n\n');
}
