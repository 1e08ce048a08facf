import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { HOLE, PUNCH } from './scenarios';
import { Transcript } from './transcript';

/**
 * Whole sessions, as somebody who sits before them sees them: read them from top to bottom, and read the diff after
 * `npx vitest run --project unit test/dap/transcripts.test.ts -u`.
 */

function written(session: Transcript, name: string): Promise<void> {
  return expect(session.toString()).toMatchFileSnapshot(`transcripts/${name}.txt`);
}

it('a hole over two slots, stepped into', async () => {
  const session = new Transcript('A hole over two slots, stepped into the kernel and out again.', HOLE);
  await session.launch();
  await session.breakpoints({ line: PUNCH });
  await session.move('continue');
  await session.variables('Memslots', 2);
  await session.watch('spte(0x801ff000)', 'gfn(0x80000000)', 'slot(1).pages', 'nonsense');
  await session.move('stepIn');
  await session.functionBreakpoints({ name: 'kvm_gmem_invalidate_begin' });
  await session.move('continue');
  await session.variables('Locals');
  await session.move('stepIn');
  await session.move('stepIn');
  await session.move('next');
  await session.move('stepBack');
  await session.functionBreakpoints();
  await session.move('stepOut');
  await session.move('stepOut');
  await session.move('stepBack');
  await session.move('next');
  await session.watch('zapped', 'flush', 'spte(0x801ff000)');
  await session.move('continue');
  await written(session, 'hole');
});

it('who zapped this last', async () => {
  const session = new Transcript('From the end back to the step that zapped a gfn.', HOLE);
  await session.launch();
  await session.breakpoints(
    { line: 9, logMessage: 'before the first prefault: gfn 0x801ff is {spte(0x801ff000)}' },
    { line: 10, condition: 'spte(0x801ff000).level == 2M' },
    { line: 12, hitCondition: '2' },
    { line: 14 },
  );
  await session.move('continue');
  await session.dataBreakpoints({ dataId: 'gfn 0x90001 zapped' });
  await session.move('reverseContinue');
  await session.variables('Locals');
  await session.watch('spte(0x90001000)');
  await session.move('stepIn');
  await session.watch('spte(0x90001000)');
  await session.dataBreakpoints({ dataId: 'slot 1', accessType: 'write', hitCondition: '3' });
  await session.move('reverseContinue');
  await session.type('who zapped gfn 0x90001');
  await session.move('reverseContinue');
  await session.move('continue');
  await written(session, 'backwards');
});

it('statements typed on a branch', async () => {
  const session = new Transcript(
    'What if: statements typed between two statements, and inside a call.',
    HOLE,
  );
  await session.launch();
  await session.breakpoints({ line: PUNCH });
  await session.move('continue');
  await session.type('punch A offset 2M size 8K');
  await session.watch('zapped', 'spte(0x90000000)');
  await session.threads();
  await session.move('next');
  await session.move('stepBack');
  await session.type('back');
  await session.watch('zapped', 'spte(0x90000000)');
  await session.functionBreakpoints({ name: 'kvm_unmap_gfn_range' });
  await session.move('continue');
  await session.type('fault vcpu 0 read gpa 0x801ff000');
  await session.threads();
  await session.functionBreakpoints();
  await session.move('stepOut');
  await session.type('punch B');
  await session.move('continue');
  await written(session, 'what-if');
});

it('calls that wait for each other', async () => {
  const session = new Transcript(
    'A fault and a hole that run against each other: several threads.',
    `vm sw-protected vcpus 2
gmem A size 1M
slot 0 gpa 0x80000000 size 1M gmem A offset 0
convert gpa 0x80000000 size 1M private
fault vcpu 0 read gpa 0x80000000 until FA9g as early
punch A offset 0 size 4K until I5 as hole
fault vcpu 1 read gpa 0x80001000
continue hole
continue early
`,
  );
  await session.launch({ stopOnEntry: true });
  await session.breakpoints({ line: 6 });
  await session.move('continue');
  await session.threads();
  await session.move('next');
  await session.move('next');
  await session.threads();
  await session.variables('Locks held');
  await session.move('stepIn', { threadId: await session.threadId('early') });
  await session.move('stepBack');
  await session.move('next');
  await session.threads();
  await session.move('reverseContinue');
  await session.move('continue');
  await written(session, 'race');
});

it('a race that a person steers', async () => {
  const session = new Transcript(
    'A fault and a hole without the check for a retry: a person decides which task steps.',
    `kernel linux-7.3 with retry-check off
vm sw-protected vcpus 2
gmem A size 64K
slot 0 gpa 0x80000000 size 64K gmem A offset 0
convert gpa 0x80000000 size 64K private
race {
  task vcpu0 {
    fault vcpu 0 write gpa 0x80000000
  }
  task vmm {
    punch A offset 0 size 4K
  }
} => sometimes STALE
fault vcpu 1 read gpa 0x80000000
`,
  );
  await session.launch({ stopOnEntry: true });
  await session.breakpoints({ line: 8 });
  await session.move('continue');
  await session.threads();
  await session.stepThread('stepIn', 'vmm');
  await session.stepInto('vcpu0', 'vmm');
  for (const _ of ['VR2', 'VR4', 'VR4x', 'NP5', 'FA1', 'G4', 'G5']) {
    await session.stepThread('gmemscope/nextChoice', 'vcpu0');
  }
  await session.stepThread('next', 'vmm');
  await session.threads();
  await session.variables('Locks held');
  await session.stepThread('gmemscope/previousChoice', 'vmm');
  for (const _ of ['G7', 'G7a', 'TP5']) await session.stepThread('gmemscope/nextChoice', 'vcpu0');
  await session.stepThread('next', 'vmm');
  await session.stepThread('stepBack', 'vcpu0');
  await session.move('continue');
  await written(session, 'steered-race');
});

it('an SEV-SNP guest whose RMP entry is smashed', async () => {
  const session = new Transcript(
    'An SEV-SNP guest accepts in 4K what the RMP has as 2M.',
    readFileSync('examples/sev-snp/psmash.gmem', 'utf8'),
  );
  await session.launch();
  await session.exceptions('rmp-fault');
  await session.move('continue');
  await session.variables('Locals');
  await session.variables('RMP', 2);
  await session.exceptions();
  await session.functionBreakpoints({ name: 'sev_handle_rmp_fault' });
  await session.move('continue');
  for (const _ of ['RF1', 'RF2', 'RF3', 'RF4']) await session.move('next');
  await session.variables('RMP', 1);
  await session.move('stepBack');
  await session.variables('RMP', 1);
  await session.watch('rmp(0x600)', 'spte(0x80200000).level');
  await session.move('stepOut');
  await session.functionBreakpoints();
  await session.move('continue');
  await written(session, 'sev-snp');
});
