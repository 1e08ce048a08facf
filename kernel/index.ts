export { type BuildOptions, buildKernel } from './build';
export { isRealKernel, KERNELS, type RealKernel } from './catalogue';
export type { KernelRecord, RecordedExit } from './protocol';
export { type NamedProgram, type RecordedStatement, type RecordOptions, runOnKernel } from './record';
export { formatRecording, type Recording } from './recording';
