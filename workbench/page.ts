/** The configuration of the workbench; see IWorkbenchConstructionOptions in VS Code. */
export interface PageOptions {
  origin: string;
  port: number;
  /** URL path of the VS Code build. */
  build: string;
  /** Name of the scenario folder in the Explorer. */
  folder: string;
  /** The file opened on the first visit. */
  openFile: string | undefined;
}

const scheme = 'gmemscope-files';

function workbenchOptions({ origin, port, build, folder, openFile }: PageOptions) {
  const location = new URL(origin);
  const extension = (path: string) => ({ scheme: 'http', authority: location.host, path });
  return {
    productConfiguration: {
      nameShort: 'gmemscope',
      nameLong: 'gmemscope: VS Code in the browser',
      quality: 'stable',
      // This server also serves the extension host's frame and the webviews: nothing is loaded from elsewhere.
      webEndpointUrlTemplate: `${origin}${build}`,
      webviewContentExternalBaseUrlTemplate: `http://{{uuid}}.localhost:${port}${build}/out/vs/workbench/contrib/webview/browser/pre/`,
      // Searching files in a virtual folder is still a proposed API of VS Code.
      extensionEnabledApiProposals: { 'gmemscope.gmemscope-files': ['fileSearchProvider2'] },
    },
    folderUri: { scheme, authority: '', path: `/${folder}` },
    additionalBuiltinExtensions: [extension('/extension'), extension('/files-extension')],
    configurationDefaults: {
      'chat.disableAIFeatures': true,
      'extensions.ignoreRecommendations': true,
      'security.workspace.trust.enabled': false,
      'telemetry.telemetryLevel': 'off',
      'window.autoDetectColorScheme': true,
      'workbench.enableExperiments': false,
      'workbench.secondarySideBar.defaultVisibility': 'hidden',
      'workbench.startupEditor': 'none',
    },
    defaultLayout: {
      editors:
        openFile === undefined ? [] : [{ uri: { scheme, authority: '', path: `/${folder}/${openFile}` } }],
    },
  };
}

/** `<` is escaped so that no file name can close the script element. */
function asScript(value: unknown): string {
  return JSON.stringify(value).replaceAll('<', '\\u003c');
}

export function page(options: PageOptions): string {
  const { build } = options;
  return `<!doctype html>
<html lang="en">
  <head>
    <meta charset="utf-8">
    <title>gmemscope</title>
    <meta name="viewport" content="width=device-width, initial-scale=1.0">
    <link rel="icon" href="/extension/media/icon.png" type="image/png">
    <link rel="stylesheet" href="${build}/out/vs/workbench/workbench.web.main.internal.css">
    <style>
      /* The workbench has no assistant whose status could be shown, whatever the settings are. */
      [id="chat.statusBarEntry"] { display: none !important; }
    </style>
  </head>
  <body aria-label="">
    <script type="module">
      globalThis._VSCODE_FILE_ROOT = new URL('${build}/out/', location.href).href;
      await import('${build}/out/nls.messages.js');
      const { default: create } = await import('${build}/workbench.js');
      create(document.body, ${asScript(workbenchOptions(options))});
      // A scenario in the URL is passed to the extension and removed from the URL, so that a reload does not open it
      // again.
      const { commands } = await import('${build}/out/vs/workbench/workbench.web.main.internal.js');
      const openShared = async () => {
        const shared = location.hash;
        if (!shared.startsWith('#gmem=')) return;
        history.replaceState(history.state, '', location.pathname + location.search);
        await commands.executeCommand('gmemscope.openLink', shared);
      };
      addEventListener('hashchange', openShared);
      await openShared();
    </script>
  </body>
</html>
`;
}
