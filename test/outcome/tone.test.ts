import { readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { analyze } from '../../src/language';
import { describeOutcome, runScenario } from '../../src/outcome';
