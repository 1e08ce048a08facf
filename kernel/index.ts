export { type BuildOptions, buildKernel } from './build';
export { isRealKernel, KERNELS, type RealKernel } from './catalogue';
export type { KernelRecord, RecordedExit } from './protocol';
export { type RecordOptions, runOnKernel } from './record';
export type { NamedProgram, RecordedStatement, RecordListener } from './recorder';
export { formatRecording, type Recording } from './recording';
