import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { CAPABILITIES } from '../../src/dap/capabilities';
import { REQUESTS } from '../../src/dap/requests';

/** Every capability that the protocol knows, by its declaration. */
function known(): readonly string[] {
  const text = readFileSync('node_modules/@vscode/debugprotocol/lib/debugProtocol.d.ts', 'utf8');
  const [, body] = /interface Capabilities \{\n([\s\S]*?)\n\t\}/.exec(text)!;
  return [...body!.matchAll(/^\t\t(\w+)\?:/gm)].map(([, name]) => name!);
}

/** For each capability that is a request, the request. */
const SERVED: Readonly<Record<string, string>> = {
  supportsConfigurationDoneRequest: 'configurationDone',
  supportsRestartRequest: 'restart',
  supportsLoadedSourcesRequest: 'loadedSources',
  supportsCancelRequest: 'cancel',
  supportsStepBack: 'reverseContinue',
  supportsStepInTargetsRequest: 'stepInTargets',
  supportsGotoTargetsRequest: 'goto',
  supportsRestartFrame: 'restartFrame',
  supportsFunctionBreakpoints: 'setFunctionBreakpoints',
  supportsBreakpointLocationsRequest: 'breakpointLocations',
  supportsDataBreakpoints: 'setDataBreakpoints',
  supportsDataBreakpointBytes: 'dataBreakpointInfo',
  supportsExceptionInfoRequest: 'exceptionInfo',
  supportsEvaluateForHovers: 'evaluate',
  supportsCompletionsRequest: 'completions',
  supportsSetVariable: 'setVariable',
  supportsSetExpression: 'setExpression',
  supportsTerminateRequest: 'terminate',
  supportsTerminateThreadsRequest: 'terminateThreads',
  supportsReadMemoryRequest: 'readMemory',
  supportsWriteMemoryRequest: 'writeMemory',
  supportsDisassembleRequest: 'disassemble',
  supportsInstructionBreakpoints: 'setInstructionBreakpoints',
  supportsModulesRequest: 'modules',
};

describe('capabilities', () => {
  it('say of everything in the protocol whether it is there', () => {
    const silent = known().filter((name) => !(name in CAPABILITIES));
    // Both say more of something that is not there.
    expect(silent).toEqual(['additionalModuleColumns', 'breakpointModes']);
  });

  it.each(Object.entries(SERVED))('%s is whether the request %s is served', (capability, request) => {
    expect(CAPABILITIES[capability as keyof typeof CAPABILITIES]).toBe(REQUESTS.has(request));
  });
});
