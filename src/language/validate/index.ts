import { createReport, type Reported } from '../diagnostics/report';
import type { KernelCatalogue } from '../kernels/catalogue';
import type { Pieces } from '../pieces';
import type { Symbols } from '../tree/symbols';
import type { Document } from '../tree/tree';
import { checkAccesses } from './accesses';
import type { Context } from './context';
import { checkFiles } from './files';
import { checkInstructions } from './instructions';
import { checkRaceBlocks } from './race-blocks';
import { checkRaces } from './races';
import { checkSetup } from './setup';
import { checkSlots } from './slots';
import { checkStructure } from './structure';
import { checkSwitches } from './vms';

const CHECKS = [
  checkSetup,
  checkSwitches,
  checkFiles,
  checkSlots,
  checkAccesses,
  checkInstructions,
  checkRaces,
  checkRaceBlocks,
  checkStructure,
] as const;

/**
 * Checks a scenario without running it: names, and numbers that a call cannot take. Whether KVM refuses a call is not
 * checked here, because the simulator reports it.
 */
export function* validateInPieces(
  document: Document,
  symbols: Symbols,
  catalogue: KernelCatalogue,
): Pieces<Reported> {
  const context: Context = { document, symbols, catalogue, report: createReport() };
  for (const check of CHECKS) {
    yield* check(context);
  }
  return context.report;
}
