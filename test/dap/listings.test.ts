import { describe, expect, it } from 'vitest';
import { listingPath } from '../../src/dap/listing-path';
import { LISTING_TYPE, listingText, PROCEDURE_NAMES, procedureOf, referenceOf } from '../../src/dap/listings';
import { PROFILES } from '../../src/simulator/profiles';
import { TestClient } from './client';
import { HOLE } from './scenarios';

const setup = (kernel: string, knobs = {}) => ({ kernel, knobs, vm: 'sw-protected' as const, vcpus: 1 });

describe('listings', () => {
  it('say what the procedure is for, then a step a line with its locks', () => {
    expect(listingText(setup('linux-7.3'), 'kvm_mmu_notifier_invalidate_range_end').lines).toEqual([
      '# kvm_mmu_notifier_invalidate_range_end: virt/kvm/kvm_main.c, linux-7.3',
      '# The memory has changed: faults may map it again; faults that began before must retry.',
      '#',
      '# Locks in brackets: + taken before the step, - dropped after it.',
      '',
      'N6  if no slot uses the memory, go to N8',
      'N7  under mmu_lock: increment mmu_invalidate_seq, decrement mmu_invalidate_in_progress  ' +
        '[+mmu_lock:write -mmu_lock:write]',
      'N8  decrement mn_active_invalidate_count  [-mn_active_invalidate_count:read]',
      '',
    ]);
  });

  it('name the knobs that were turned', () => {
    const [first] = listingText(setup('linux-7.3', { 'unbind-zap': 'off' }), 'kvm_gmem_create').lines;
    expect(first).toBe('# kvm_gmem_create: virt/kvm/guest_memfd.c, linux-7.3 with unbind-zap off');
  });

  it.each(PROFILES.map(({ name }) => name))('of %s exist for every procedure', (kernel) => {
    for (const name of PROCEDURE_NAMES) {
      const { lines, firstStepLine } = listingText(setup(kernel), name);
      expect(lines[firstStepLine - 2]).toBe('');
      expect(lines[firstStepLine - 1]).toMatch(/^\w+ +\S/);
      expect(procedureOf(referenceOf(name))).toBe(name);
    }
  });

  it('have paths of their own, also where upper and lower case are the same', () => {
    const paths = PROFILES.flatMap(({ name: kernel }) =>
      [setup(kernel), setup(kernel, { 'unbind-zap': 'off' })].flatMap((one) =>
        PROCEDURE_NAMES.map((name) => listingPath(one, name)),
      ),
    );
    expect(new Set(paths.map((path) => path.toLowerCase())).size).toBe(paths.length);
    for (const path of paths) expect(path).toMatch(/^[\w./-]+\.gmem-listing$/);
    expect(paths).toContain('linux-7.3/virt/kvm/guest_memfd.c/kvm_gmem_punch_hole.gmem-listing');
  });

  it('are served by their reference, with the frame on the line of its step', async () => {
    const client = new TestClient();
    await client.start(HOLE);
    await client.request('setFunctionBreakpoints', { breakpoints: [{ name: 'kvm_unmap_gfn_range' }] });
    await client.move('continue');
    const stack = await client.stack();
    expect(stack.length).toBeGreaterThan(2);
    for (const { name, source, line } of stack.slice(0, -1)) {
      expect(source).toMatchObject({
        name,
        path: name,
        origin: expect.stringContaining('simulated linux-7.3'),
      });
      const body = await client.request('source', { source, sourceReference: source!.sourceReference });
      expect(body.mimeType).toBe(LISTING_TYPE);
      expect(body.content.split('\n')[line - 1]).toMatch(/^\w+ +\S/);
    }
    const calling = stack[1]!;
    const { content } = await client.request('source', calling.source!);
    expect(content.split('\n')[calling.line - 1]).toMatch(/zap|unmap/);
  });

  it('have frames in pieces', async () => {
    const client = new TestClient();
    await client.start(HOLE);
    await client.request('setFunctionBreakpoints', { breakpoints: [{ name: 'kvm_unmap_gfn_range' }] });
    await client.move('continue');
    const all = await client.stack();
    const body = await client.request('stackTrace', { threadId: 1, startFrame: 1, levels: 1 });
    expect(body.totalFrames).toBe(all.length);
    expect(body.stackFrames.map(({ name }: { name: string }) => name)).toEqual([all[1]!.name]);
  });
});
