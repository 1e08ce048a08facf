import {
  commands,
  Disposable,
  debug,
  type Uri,
  ViewColumn,
  type WebviewPanel,
  window,
  workspace,
} from 'vscode';
import { OUTCOMES_EVENT } from '../../dap';
import { isScenario } from '../documents';
import type { LanguageConnection } from '../language-client';
import { MemoryMapPanel } from './panel';

const VIEW_TYPE = 'gmemscope.memoryMap';

/** Milliseconds without another cursor move or key press after which the map follows. */
const PAUSE = 120;

/** `Show Memory Map`: one panel beside the editors, restored after a reload. */
export function registerMemoryMap(extension: Uri, language: LanguageConnection): Disposable {
  let map: MemoryMapPanel | undefined;
  let timer: ReturnType<typeof setTimeout> | undefined;

  const adopt = (panel: WebviewPanel) => {
    map?.dispose();
    const adopted = new MemoryMapPanel(panel, language, extension);
    map = adopted;
    adopted.onDidClose(() => {
      if (map === adopted) map = undefined;
      adopted.dispose();
    });
  };
  const open = async () => {
    if (map !== undefined) {
      map.reveal();
      return;
    }
    const column = { viewColumn: ViewColumn.Beside, preserveFocus: true };
    adopt(window.createWebviewPanel(VIEW_TYPE, 'Memory Map', column));
  };
  const later = () => {
    clearTimeout(timer);
    timer = setTimeout(() => map?.follow(), PAUSE);
  };
  return Disposable.from(
    commands.registerCommand('gmemscope.showMemoryMap', open),
    window.registerWebviewPanelSerializer(VIEW_TYPE, {
      deserializeWebviewPanel: async (panel) => adopt(panel),
    }),
    debug.onDidReceiveDebugSessionCustomEvent(({ event }) => {
      if (event === OUTCOMES_EVENT) map?.refresh();
    }),
    debug.onDidChangeActiveDebugSession(() => map?.refresh()),
    debug.onDidChangeBreakpoints(() => map?.refresh()),
    window.onDidChangeActiveTextEditor((editor) => {
      if (editor !== undefined && isScenario(editor.document)) later();
    }),
    window.onDidChangeTextEditorSelection(({ textEditor }) => {
      if (isScenario(textEditor.document)) later();
    }),
    workspace.onDidChangeTextDocument(({ document }) => {
      if (isScenario(document)) later();
    }),
    { dispose: () => clearTimeout(timer) },
    { dispose: () => map?.dispose() },
  );
}
