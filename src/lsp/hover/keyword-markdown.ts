import { type StatementSpec, syntaxLine } from '../../language';
import { functionUrl } from '../kernel-sources';

/** The kernel function, with a link to its source if the kernel is known. */
function functionText(name: string, kernel: string | null): string {
  return kernel === null ? `\`${name}()\`` : `[\`${name}()\`](${functionUrl(kernel, name)})`;
}

/** The description of a statement, for hovers and completion. */
export function keywordMarkdown(spec: StatementSpec, kernel: string | null = null): string {
  const instruction = spec.instruction === undefined ? [] : [`Instruction \`${spec.instruction}\``];
  const call = spec.systemCall === '' ? [] : [`System call \`${spec.systemCall}\``];
  const does =
    spec.kernelFunction === '' ? [] : [`kernel function ${functionText(spec.kernelFunction, kernel)}`];
  const { manual } = spec;
  const read = manual === null ? [] : [`[${manual.title}](${manual.url})`];
  const sources = [...instruction, ...call, ...does, ...read].join(' · ');
  const text = [spec.doc, spec.details].filter((part) => part !== '').join(' ');
  const parts = [`\`\`\`gmem\n${syntaxLine(spec)}\n\`\`\``, text, sources];
  return parts.filter((part) => part !== '').join('\n\n');
}
