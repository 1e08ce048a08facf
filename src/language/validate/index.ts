import { createReport, type Reported } from '../diagnostics/report';
import { type KernelCatalogue, SIMULATED_KERNELS } from '../kernels/catalogue';
import { findSymbols, type Symbols } from '../tree/symbols';
import type { Document } from '../tree/tree';
import { checkAccesses } from './accesses';
import type { Context } from './context';
import { checkFiles } from './files';
import { checkInstructions } from './instructions';
import { checkRaces } from './races';
import { checkSetup } from './setup';
import { checkSlots } from './slots';
import { checkStructure } from './structure';
import { checkSwitches } from './vms';

/**
 * Checks a scenario without running it: names, and numbers that a call cannot take. Whether KVM refuses a call is not
 * checked here, because the simulator reports it.
 */
export function validate(
  document: Document,
  symbols: Symbols = findSymbols(document),
  catalogue: KernelCatalogue = SIMULATED_KERNELS,
): Reported {
  const context: Context = { document, symbols, catalogue, report: createReport() };
  checkSetup(context);
  checkSwitches(context);
  checkFiles(context);
  checkSlots(context);
  checkAccesses(context);
  checkInstructions(context);
  checkRaces(context);
  checkStructure(context);
  return context.report;
}
