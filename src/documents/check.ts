/** Checks that a document shows what the simulator reports, and computes the edits that update it. */
import {
  type CheckedDocument,
  type Checking,
  compareLines,
  complain,
  define,
  fail,
  refer,
  type Surroundings,
} from './checking';
import { checkImage, figureText } from './figure-block';
import { InstructionError, NO_REQUEST, type Request, requestOf, type Setup, setupOf } from './instructions';
import type { CodeBlock, Instruction } from './parts';
import { checkScenarioBlock, checkSyntax } from './scenario-block';
import { annotatedLines, linesOfText, sourceOf } from './sources';

const LANGUAGE = 'gmem';

/** Misspelled languages that probably mean ours: `GMEM`, `{.gmem}`, `gmem,numbers`. */
const ALMOST = /^(?:\{(?:.*[\s.])?)?gmem(?![\w-])/i;

/**
 * A block without a language may be a scenario if a comment says so: tools that do not know `gmem`, such as Sphinx,
 * warn about unknown languages.
 */
function isScenario({ language }: CodeBlock, { line }: Request): boolean {
  return language === LANGUAGE || (language === '' && line !== null);
}

function checkCode(checking: Checking, block: CodeBlock, request: Request): void {
  const { role } = request;
  const line = request.line ?? block.start;
  if (role.kind === 'run') {
    const source = refer(checking, role.of, line);
    compareLines(checking, block, annotatedLines(source), 'the run');
  } else if (role.kind === 'figure' || role.kind === 'schedule') {
    compareLines(checking, block, linesOfText(figureText(checking, role, line)), 'the figure');
  } else if (isScenario(block, request)) {
    checkScenarioBlock(checking, block, request);
  } else if (ALMOST.test(block.language)) {
    fail(block.start, `a scenario must be a block of \`${LANGUAGE}\`, not of \`${block.language}\``);
  } else if (request.line !== null) {
    fail(line, `the block below is not a \`${LANGUAGE}\` block`);
  } else {
    return;
  }
  checking.count++;
}

function addSetup(checking: Checking, { name, line, text }: Setup): void {
  const source = sourceOf(text, line, null);
  checkSyntax(checking, source, false);
  define(checking, name, source, line - 1);
}

/**
 * Checks everything that a document shows of scenarios. Errors in the document are findings; it never throws for them.
 */
export function checkDocument(text: string, surroundings: Surroundings): CheckedDocument {
  const checking: Checking = {
    ...surroundings,
    scenarios: new Map(),
    last: null,
    count: 0,
    findings: [],
    edits: [],
    files: [],
    rewritten: new Set(),
  };
  let pending: Instruction[] = [];
  const guarded = (check: () => void) => {
    try {
      check();
    } catch (error) {
      if (!(error instanceof InstructionError)) throw error;
      complain(checking, error.line, 'invalid comment', error.message);
    }
  };
  /** Reports comments that are not followed by a block or an image. */
  const drop = () => {
    for (const { line, words } of pending) {
      const comment = `gmem: ${words.join(' ')}`;
      const sentence = `no block of code and no image follows \`${comment}\`: put it on a separate line right above one`;
      complain(checking, line, 'unused comment', sentence);
    }
    pending = [];
  };
  for (const part of surroundings.findParts(text)) {
    guarded(() => {
      if (part.kind === 'lookalike') {
        complain(checking, part.line, 'misspelled comment', part.message);
        return;
      }
      if (part.kind === 'passage') {
        drop();
        return;
      }
      if (part.kind === 'instruction') {
        const setup = setupOf(part);
        if (setup === null) pending.push(part);
        else addSetup(checking, setup);
        return;
      }
      const instructions = pending;
      pending = [];
      const request = instructions.length === 0 ? NO_REQUEST : requestOf(instructions);
      if (part.kind === 'code') checkCode(checking, part, request);
      else checkImage(checking, part, request);
    });
  }
  drop();
  const { count, findings, edits, files, rewritten } = checking;
  return { count, findings: [...findings].sort((a, b) => a.line - b.line), edits, files, rewritten };
}
