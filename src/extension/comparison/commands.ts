import { commands, Disposable, type Memento, ProgressLocation, window } from 'vscode';
import { kernelText } from '../../language';
import { documentFor } from '../documents';
import { noticeOf } from '../errors';
import { chooseScenario } from '../launch/choose-scenario';
import { titleFor } from '../launch/commands';
import { askKernels } from './ask-kernels';
import { compareScenario } from './compare';
import { ComparisonDiff } from './diff';
import { ComparisonMarks } from './marks';

/** `Compare Kernels`: one scenario on two kernels, in a diff and in the editor. */
export function registerComparison(memory: Memento): Disposable {
  const diff = new ComparisonDiff();
  const marks = new ComparisonMarks();

  const compare = async (named: unknown, title: unknown) => {
    const uri = documentFor(named);
    if (uri === undefined) throw new Error('there is no scenario: open a .gmem file');
    const program = await chooseScenario(uri, titleFor(title), 'Compare Kernels');
    if (program === undefined) return;
    const kernels = await askKernels(program.setup, memory);
    if (kernels === undefined) return;
    const compared = await window.withProgress(
      {
        location: ProgressLocation.Notification,
        title: 'Running the scenario on both kernels',
        cancellable: true,
      },
      (_progress, token) => compareScenario(uri, program.title, kernels, token),
    );
    if (compared === undefined) return;
    marks.show(uri, compared.comparison);
    if (compared.comparison.statements.every(({ difference }) => difference === 'none')) {
      const [left, right] = kernels.map(kernelText);
      void window.showInformationMessage(`Every statement has the same outcome on ${left} and ${right}.`);
      return;
    }
    await diff.show(uri, compared);
  };
  return Disposable.from(
    diff,
    marks,
    commands.registerCommand('gmemscope.compareKernels', async (named?: unknown, title?: unknown) => {
      try {
        await compare(named, title);
      } catch (error) {
        void window.showErrorMessage(`The kernels were not compared: ${noticeOf(error)}`);
      }
    }),
    commands.registerCommand('gmemscope.clearComparison', () => marks.clear()),
  );
}
