/** The capabilities of the debugger; for those it lacks, the reason. */
import type { DebugProtocol } from '@vscode/debugprotocol';
import { EXCEPTION_FILTERS } from './exceptions';

/** All capabilities of the protocol, except two that only refine capabilities the debugger lacks. */
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

  // The state cannot be edited; only what-if statements change it.
  supportsSetVariable: false,
  supportsSetExpression: false,
  // There is no process to terminate or detach from: disconnecting is enough.
  supportsTerminateRequest: false,
  supportTerminateDebuggee: false,
  supportSuspendDebuggee: false,
  // The scenario decides which call resumes: threads cannot be run individually.
  supportsTerminateThreadsRequest: false,
  supportsSingleThreadExecutionRequests: false,
  // Filters with conditions replace exception paths.
  supportsExceptionOptions: false,
  // The unit determines the notation, as in the kernel: gfns in hexadecimal, slots in decimal.
  supportsValueFormattingOptions: false,
  // Stacks are short: one response returns all frames.
  supportsDelayedStackTraceLoading: false,
  // Memory is written by what-if statements, as a vCPU or the host.
  supportsWriteMemoryRequest: false,
  // Listings have no machine code.
  supportsDisassembleRequest: false,
  supportsInstructionBreakpoints: false,
  // The kernel has no modules, and its listings are generated on demand.
  supportsModulesRequest: false,
  supportedChecksumAlgorithms: [],
  supportsANSIStyling: false,
} as const satisfies Everything;
