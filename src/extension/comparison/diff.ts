import {
  type CancellationToken,
  commands,
  Disposable,
  EventEmitter,
  type TextDocumentContentProvider,
  Uri,
  workspace,
} from 'vscode';
import { baseName } from '../../dap/source-path';
import { type KernelChoice, kernelText, readKernel } from '../../language';
import { sideTexts } from '../../outcome';
import type { KernelPair } from './ask-kernels';
import { type Compared, compareScenario } from './compare';

const SCHEME = 'gmemscope-compared';

/** A comparison, as the address of its documents tells it. */
interface Address {
  readonly uri: string;
  /** Null for the only scenario of a file. */
  readonly title: string | null;
  readonly kernels: readonly [string, string];
}

/** One of its two documents. */
interface SideAddress extends Address {
  readonly side: 0 | 1;
}

function keyOf({ uri, title, kernels }: Address): string {
  return JSON.stringify([uri, title, kernels]);
}

function addressOf({ query }: Uri): SideAddress {
  return JSON.parse(query) as SideAddress;
}

type Texts = readonly [left: string, right: string];

function textsOf({ analysis, program, comparison }: Compared): Texts {
  return sideTexts(analysis, program, comparison);
}

/**
 * The two sides of a comparison as documents, each of which says in its address what it is: they are there again after
 * the editor was closed and opened.
 */
export class ComparisonDiff implements TextDocumentContentProvider, Disposable {
  private readonly changed = new EventEmitter<Uri>();
  readonly onDidChange = this.changed.event;
  private readonly texts = new Map<string, Texts>();
  private readonly subscriptions = Disposable.from(
    this.changed,
    workspace.registerTextDocumentContentProvider(SCHEME, this),
    workspace.onDidCloseTextDocument(({ uri }) => {
      if (uri.scheme === SCHEME) this.texts.delete(keyOf(addressOf(uri)));
    }),
  );

  dispose(): void {
    this.subscriptions.dispose();
  }

  async provideTextDocumentContent(uri: Uri, token: CancellationToken): Promise<string> {
    const address = addressOf(uri);
    const known = this.texts.get(keyOf(address));
    if (known !== undefined) return known[address.side];
    const kernels = pairOf(address.kernels);
    const compared = await compareScenario(Uri.parse(address.uri), address.title, kernels, token);
    return compared === undefined ? '' : textsOf(compared)[address.side];
  }

  /** Opens the diff of a comparison; one that is open already shows the new texts. */
  async show(uri: Uri, compared: Compared): Promise<void> {
    const { kernels } = compared.comparison;
    const names: readonly [string, string] = [kernelText(kernels[0]), kernelText(kernels[1])];
    const address: Address = { uri: uri.toString(), title: compared.program.title, kernels: names };
    this.texts.set(keyOf(address), textsOf(compared));
    const file = baseName(uri.path);
    // A language of its own: nobody checks, runs or counts these texts as scenarios of the workspace.
    const [left, right] = names.map((name, side) =>
      Uri.from({
        scheme: SCHEME,
        path: `/${name}/${file.replace(/\.gmem$/, '')}.gmem-compared`,
        query: JSON.stringify({ ...address, side }),
      }),
    );
    this.changed.fire(left!);
    this.changed.fire(right!);
    const scenario = compared.program.title === null ? file : `${file}: ${compared.program.title}`;
    await commands.executeCommand('vscode.diff', left, right, `${scenario} (${names[0]} ↔ ${names[1]})`);
  }
}

function pairOf(names: readonly [string, string]): KernelPair {
  const [left, right] = names.map((name): KernelChoice => {
    const choice = readKernel(name);
    if (typeof choice === 'string') throw new Error(choice);
    return choice;
  });
  return [left!, right!];
}
