/** What the debugger can do. What is not listed, or false, it does not do. */
import type { DebugProtocol } from '@vscode/debugprotocol';
import { EXCEPTION_FILTERS } from './exceptions';

export const CAPABILITIES: DebugProtocol.Capabilities = {
  supportsConfigurationDoneRequest: true,
  supportsStepBack: true,
  supportsFunctionBreakpoints: true,
  supportsBreakpointLocationsRequest: true,
  exceptionBreakpointFilters: [...EXCEPTION_FILTERS],
  supportsExceptionInfoRequest: true,
  supportsLoadedSourcesRequest: true,
  supportsRestartRequest: true,
  supportsEvaluateForHovers: false,
  supportsConditionalBreakpoints: false,
  supportsHitConditionalBreakpoints: false,
  supportsLogPoints: false,
  supportsSetVariable: false,
  supportsTerminateRequest: false,
};
