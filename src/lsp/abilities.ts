import type { InitializeParams } from 'vscode-languageserver';

/** The client capabilities that the server uses. */

export interface Abilities {
  /** Supports snippets. */
  readonly snippets: boolean;
  /** Shows label details in completion lists. */
  readonly labelDetails: boolean;
  /** Resolves the edit of a code action when it is chosen. */
  readonly resolvesEdits: boolean;
  /** Shows disabled code actions with the reason. */
  readonly showsDisabled: boolean;
  /** Has commands to run, debug and compare scenarios, as stated in its `initializationOptions`. */
  readonly commands: boolean;
  /** Has commands to show the outcomes of a race, and to step and open its orders; stated in the same way. */
  readonly orders: boolean;
  /** Creates files as part of an edit. */
  readonly createsFiles: boolean;
  /** Answers `workspace/configuration`. */
  readonly configuration: boolean;
  /** Supports dynamic registration for changed settings. */
  readonly tellsOfSettings: boolean;
  /** Supports refreshing inlay hints. */
  readonly refreshesHints: boolean;
  /** Supports refreshing code lenses. */
  readonly refreshesLenses: boolean;
  /** Supports label offsets for signature parameters. */
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
  orders: false,
  createsFiles: false,
  configuration: false,
  tellsOfSettings: false,
  refreshesHints: false,
  refreshesLenses: false,
  labelOffsets: false,
  foldsLines: false,
};

/** Reads the capabilities; messages are untyped, so any field may be missing. */
export function abilitiesOf(params: Partial<InitializeParams> | null | undefined): Abilities {
  const { workspace, textDocument } = params?.capabilities ?? {};
  const action = textDocument?.codeAction;
  const given: unknown = params?.initializationOptions;
  const options = typeof given === 'object' ? (given as Readonly<Record<string, unknown>> | null) : null;
  const operations: unknown = workspace?.workspaceEdit?.resourceOperations;
  const resolved: unknown = action?.resolveSupport?.properties;
  return {
    snippets: textDocument?.completion?.completionItem?.snippetSupport === true,
    labelDetails: textDocument?.completion?.completionItem?.labelDetailsSupport === true,
    resolvesEdits: action?.dataSupport === true && Array.isArray(resolved) && resolved.includes('edit'),
    showsDisabled: action?.disabledSupport === true,
    commands: options?.commands === true,
    orders: options?.orders === true,
    createsFiles: Array.isArray(operations) && operations.includes('create'),
    configuration: workspace?.configuration === true,
    tellsOfSettings: workspace?.didChangeConfiguration?.dynamicRegistration === true,
    refreshesHints: workspace?.inlayHint?.refreshSupport === true,
    refreshesLenses: workspace?.codeLens?.refreshSupport === true,
    labelOffsets:
      textDocument?.signatureHelp?.signatureInformation?.parameterInformation?.labelOffsetSupport === true,
    foldsLines: textDocument?.foldingRange?.lineFoldingOnly === true,
  };
}
