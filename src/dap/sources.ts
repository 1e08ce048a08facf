/** The sources that frames and breakpoints refer to. */
import type { DebugProtocol } from '@vscode/debugprotocol';
import { kernelText } from '../language';
import { kernelOf, type Setup } from '../simulator';
import type { Target } from './breakpoints/locate';
import { referenceOf } from './listings';
import type { DebuggedScenario } from './scenario';
import { baseName } from './source-path';

export function scenarioSource({ path }: DebuggedScenario): DebugProtocol.Source {
  return { name: baseName(path), path };
}

/** The generated listing of a procedure. */
export function listingSource(setup: Setup, procedure: string): DebugProtocol.Source {
  const { source } = kernelOf(setup).procedure(procedure);
  return {
    name: procedure,
    // VS Code titles an editor without a path by `name`, but lists its breakpoints by the path only.
    path: procedure,
    sourceReference: referenceOf(procedure),
    origin: `${source}, simulated ${kernelText(setup)}`,
  };
}

export function sourceOf(scenario: DebuggedScenario, target: Target): DebugProtocol.Source {
  return target.kind === 'statement'
    ? scenarioSource(scenario)
    : listingSource(scenario.program.setup, target.procedure);
}
