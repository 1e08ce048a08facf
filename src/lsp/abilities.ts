import type { InitializeParams } from 'vscode-languageserver';

/** What the editor on the other side can do, as far as the server acts on it. */

export interface Abilities {
  /** Inserts snippets. */
  readonly snippets: boolean;
  /** Shows details beside the labels of a list. */
  readonly labelDetails: boolean;
  /** Asks for the edit of a code action when it is chosen. */
  readonly resolvesEdits: boolean;
  /** Shows code actions that cannot be done, with the reason. */
  readonly showsDisabled: boolean;
  /** Has commands that run, debug and compare scenarios; says so in its `initializationOptions`. */
  readonly commands: boolean;
  /** Answers `workspace/configuration`. */
  readonly configuration: boolean;
  /** Tells of changed settings, if it is asked to. */
  readonly tellsOfSettings: boolean;
  /** Asks for inlay hints again when it is told that they are others. */
  readonly refreshesHints: boolean;
  /** Marks the parts of a signature by their place in it. */
  readonly labelOffsets: boolean;
  /** Folds whole lines only. */
  readonly foldsLines: boolean;
}

export const NO_ABILITIES: Abilities = {
  snippets: false,
  labelDetails: false,
  resolvesEdits: false,
  showsDisabled: false,
  commands: false,
  configuration: false,
  tellsOfSettings: false,
  refreshesHints: false,
  labelOffsets: false,
  foldsLines: false,
};

/** Reads them; what comes over the wire has no types, so that anything may be missing. */
export function abilitiesOf(params: Partial<InitializeParams> | null | undefined): Abilities {
  const { workspace, textDocument } = params?.capabilities ?? {};
  const action = textDocument?.codeAction;
  const options: unknown = params?.initializationOptions;
  const resolved: unknown = action?.resolveSupport?.properties;
  return {
    snippets: textDocument?.completion?.completionItem?.snippetSupport === true,
    labelDetails: textDocument?.completion?.completionItem?.labelDetailsSupport === true,
    resolvesEdits: action?.dataSupport === true && Array.isArray(resolved) && resolved.includes('edit'),
    showsDisabled: action?.disabledSupport === true,
    commands:
      typeof options === 'object' && options !== null && 'commands' in options && options.commands === true,
    configuration: workspace?.configuration === true,
    tellsOfSettings: workspace?.didChangeConfiguration?.dynamicRegistration === true,
    refreshesHints: workspace?.inlayHint?.refreshSupport === true,
    labelOffsets:
      textDocument?.signatureHelp?.signatureInformation?.parameterInformation?.labelOffsetSupport === true,
    foldsLines: textDocument?.foldingRange?.lineFoldingOnly === true,
  };
}
