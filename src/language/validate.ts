import { type KernelCatalogue, SIMULATED_KERNELS } from './catalogue';
import { createReport, type Reported } from './report';
import { findSymbols, type Symbols } from './symbols';
import type { Document } from './tree';
import { checkAccesses } from './validate/accesses';
import type { Context } from './validate/context';
import { checkFiles } from './validate/files';
import { checkInstructions } from './validate/instructions';
import { checkRaces } from './validate/races';
import { checkSetup } from './validate/setup';
import { checkSlots } from './validate/slots';
import { checkStructure } from './validate/structure';
import { checkSwitches } from './validate/vms';

/**
 * What can be said about a scenario without running it: names, and numbers that cannot be passed.
 * Whether KVM would refuse a call is not decided here: the simulator runs it and says so.
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
