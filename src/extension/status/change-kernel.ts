import { commands, type Disposable, type TextDocument, WorkspaceEdit, workspace } from 'vscode';
import { indexLines, kernelNameEdit, SIMULATED_KERNELS, scenariosOf } from '../../language';
import { elementAt } from '../../simulator';
import { analysisOf, documentFor, programAtCursor } from '../documents';
import { pickOne } from '../pick';
import { rangeOf } from '../ranges';

/** `Change Simulated Kernel`: changes the kernel that the scenario names in its text. */
export function registerChangeKernel(): Disposable {
  return commands.registerCommand('gmemscope.changeKernel', async (named?: unknown) => {
    const uri = documentFor(named);
    if (uri === undefined) return;
    const document = await workspace.openTextDocument(uri);
    await changeKernel(document);
  });
}

async function changeKernel(document: TextDocument): Promise<void> {
  const { document: tree, programs } = analysisOf(document);
  const program = programAtCursor(document.uri, programs) ?? programs[0];
  const scenario = elementAt(scenariosOf(tree), programs.indexOf(program));
  const { kernel } = program.setup;
  const items = SIMULATED_KERNELS.kernels.map(({ name, title }) => ({
    label: name,
    description: name === kernel ? `${title} (now)` : title,
  }));
  const active = items.find(({ label }) => label === kernel);
  const item = await pickOne(items, {
    title: 'Change Simulated Kernel',
    placeholder: 'The kernel to simulate',
    active,
  });
  if (item === undefined || item.label === kernel) return;
  const { span, newText } = kernelNameEdit(tree, scenario, item.label);
  const edit = new WorkspaceEdit();
  edit.replace(document.uri, rangeOf(indexLines(tree.text), span), newText);
  await workspace.applyEdit(edit);
}
