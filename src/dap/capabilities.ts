/** What the debugger can do, and what it does not, with the reason. */
import type { DebugProtocol } from '@vscode/debugprotocol';
import { EXCEPTION_FILTERS } from './exceptions';

/** All that the protocol knows of, but for two that say more of something that is not there. */
type Everything = Required<Omit<DebugProtocol.Capabilities, 'additionalModuleColumns' | 'breakpointModes'>>;

export const CAPABILITIES = {
  supportsConfigurationDoneRequest: true,
  supportsRestartRequest: true,
  supportsLoadedSourcesRequest: true,
  supportsCancelRequest: true,

  supportsStepBack: true,
  supportsSteppingGranularity: true,
  supportsStepInTargetsRequest: true,
  supportsGotoTargetsRequest: true,
  supportsRestartFrame: true,

  supportsFunctionBreakpoints: true,
  supportsConditionalBreakpoints: true,
  supportsHitConditionalBreakpoints: true,
  supportsLogPoints: true,
  supportsBreakpointLocationsRequest: true,
  supportsDataBreakpoints: true,
  supportsDataBreakpointBytes: true,
  exceptionBreakpointFilters: [...EXCEPTION_FILTERS],
  supportsExceptionFilterOptions: true,
  supportsExceptionInfoRequest: true,

  supportsReadMemoryRequest: true,

  supportsEvaluateForHovers: true,
  supportsClipboardContext: true,
  supportsCompletionsRequest: true,
  completionTriggerCharacters: ['.', '(', '[', ' '],

  // A state is what the kernel made of it. What-if statements change it, by what they do.
  supportsSetVariable: false,
  supportsSetExpression: false,
  // Nothing is left to be ended or set free: disconnecting is enough.
  supportsTerminateRequest: false,
  supportTerminateDebuggee: false,
  supportSuspendDebuggee: false,
  // The scenario says which call goes on: no thread moves alone.
  supportsTerminateThreadsRequest: false,
  supportsSingleThreadExecutionRequests: false,
  // Filters with conditions say all that paths of exceptions would.
  supportsExceptionOptions: false,
  // A number is written as its unit is in the kernel: gfns in hexadecimal, slots in decimal.
  supportsValueFormattingOptions: false,
  // Stacks are short: one answer has all of it.
  supportsDelayedStackTraceLoading: false,
  // What is written is written by a vCPU or the host: a what-if statement does it.
  supportsWriteMemoryRequest: false,
  // Listings have no machine code.
  supportsDisassembleRequest: false,
  supportsInstructionBreakpoints: false,
  // The kernel is one piece, and its listings are made as they are asked for.
  supportsModulesRequest: false,
  supportedChecksumAlgorithms: [],
  supportsANSIStyling: false,
} as const satisfies Everything;
