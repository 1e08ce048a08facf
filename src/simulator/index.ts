/** The simulated host, KVM and guest: states, calls, steps and events. */
export type { Call, FaultCall, Setup, VmType } from './calls';
export { commonEnds } from './common-ends';
export {
  type Numbering,
  renumberedFrame,
  renumberedLocks,
  renumberedRoots,
  renumberedVcpu,
} from './counters';
export { titlesOf } from './deadlock';
export { ERRNOS, type Errno } from './errno';
export type {
  Event,
  ExitEvent,
  FaultEvent,
  FilePagesEvent,
  GuestExceptionEvent,
  Refusal,
  RefusedEvent,
  RmpEvent,
  SlotEvent,
  SpteRun,
  SptesEvent,
  SpteValue,
  SuspendedEvent,
  ZapEvent,
} from './events';
export { violations } from './invariants';
export { kernelOf } from './kernel';
export { KNOBS, type Knob } from './knobs';
export { elementAt, firstOf, lastOf, must, type NonEmpty } from './known';
export { type Lock, type LockKind, lockName } from './lock';
export type { TracedEvent } from './machine';
export { type BoundGfns, filePagesOfGfns, gfnsBoundTo, gfnsOfFilePages } from './model/bindings';
export { NO_KEY, readBytes, readValue, type Unreadable } from './model/contents';
export {
  type FaultCause,
  NO_CAUSE,
  PFERR_GUEST_RMP,
  PFERR_GUEST_VMPL,
  PFERR_NAMES,
} from './model/error-code';
export { pfnsOf } from './model/frames';
export { permissionText } from './model/guest';
export { type Backing, backingOfFilePage, backingOfGfn, backingOfMemoryPage } from './model/guest-memory';
export { isSeqSnapshot, mapSnapshots } from './model/invalidation';
export { mappedAt } from './model/page-table';
export { rootKind, validRoot } from './model/roots';
export {
  addressSpaceOf,
  fileByName,
  gfnsOf,
  isPrivate,
  memoryOf,
  rootById,
  slotAt,
  slotById,
  slotsTouching,
} from './model/state-parts';
export { asidOf, type HostedVm, hostedVm, vmIdOfNextStep, vmOf } from './model/vms';
export { afterPendingCalls } from './pending';
export type { Listing, LockUse, Step, Wait } from './procedure';
export { PROCEDURES } from './procedures';
export { choicesOf, DEFAULT_KERNEL, type KernelName, PROFILES, RELEASED_KERNELS } from './profiles';
export {
  type Extent,
  extentAt,
  gaps,
  pageCount,
  type Range,
  type RangeMap,
  type RangeSet,
  touching,
  union,
  valueAt,
  within,
} from './ranges';
export { directMapLevel, firstForbidden } from './rmp/direct-map';
export { entryAt, gfnOf, HYPERVISOR, permissionsOf, type RmpEntry } from './rmp/entry';
export { INITIAL_VMSA_GFN } from './rmp/firmware';
export { newlyFreedAssigned } from './rmp/freed';
export {
  advance,
  begin,
  isOver,
  type Order,
  type Run,
  resume,
  type StepPlace,
  startCall,
  vmAfter,
} from './run';
export { sameState } from './same-state';
export {
  endOfCall,
  eventsBetween,
  eventsIn,
  eventsOf,
  firstMoment,
  hasReturned,
  type Interrupted,
  isEnd,
  isUnderWay,
  type Moment,
  nextMoment,
  type OnStep,
  reachedBy,
  type SuspendedCall,
  stateOf,
  suspendedAt,
  suspendedMoment,
} from './schedule';
export { spteChanges } from './sptes';
export { freedMappings, type StaleRange, staleInRoot } from './stale';
export { staleMappings } from './stale-mappings';
export {
  type BoundSlot,
  type FilePages,
  type Frame,
  type GmemFile,
  type HostChunk,
  type HostMemory,
  initialState,
  type Leaf,
  type Locals,
  type LockHolder,
  type MappedLeaf,
  newVm,
  type Root,
  type RootKind,
  type Slot,
  type State,
  type Task,
  type Vcpu,
  type VmState,
} from './state';
export { nextStep, stepTask, taskOf, waitOf } from './step-task';
export { lastBegun, type Turn, takeTurn } from './turns';
export {
  bytesOf,
  isPageAligned,
  type Level,
  offsetInPage,
  PAGE_SHIFT,
  PAGE_SIZE,
  pageOf,
  pagesPer,
  roundDown,
  roundUp,
  U64,
} from './units';
export { hasPrivateMemory, hasProtectedState } from './vm';
