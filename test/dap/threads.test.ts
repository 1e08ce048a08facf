import type { DebugProtocol } from '@vscode/debugprotocol';
import { describe, expect, it } from 'vitest';
import { TestClient } from './client';

const RACE = `vm sw-protected vcpus 2
gmem A size 1M
slot 0 gpa 0x80000000 size 1M gmem A offset 0
convert gpa 0x80000000 size 1M private
fault vcpu 0 read gpa 0x80000000 until FA9g as early
punch A offset 0 size 4K until I5 as hole
fault vcpu 1 read gpa 0x80001000
continue hole
continue early
`;
const [FAULT, WAITS, CONTINUE_HOLE, CONTINUE_EARLY] = [5, 7, 8, 9];

async function atLine(line: number): Promise<TestClient> {
  const client = new TestClient();
  await client.start(RACE, { stopOnEntry: true });
  await client.nextToLine(line);
  return client;
}

async function threads(client: TestClient): Promise<readonly DebugProtocol.Thread[]> {
  return (await client.request('threads')).threads;
}

async function names(client: TestClient): Promise<readonly string[]> {
  return (await threads(client)).map(({ name }) => name);
}

async function stackOf(client: TestClient, thread: string): Promise<readonly DebugProtocol.StackFrame[]> {
  const found = (await threads(client)).find(({ name }) => name.startsWith(thread))!;
  return (await client.request('stackTrace', { threadId: found.id })).stackFrames;
}

function texts(client: TestClient): readonly string[] {
  return client.outcomes().outcomes.map(({ line0, text }) => `${line0 + 1} ${text}`);
}

describe('threads', () => {
  it('are the scenario, and each call that is suspended', async () => {
    const client = await atLine(FAULT);
    expect(await names(client)).toEqual(['scenario']);
    await client.nextToLine(CONTINUE_HOLE);
    expect(await names(client)).toEqual([
      'scenario',
      'early (suspended)',
      'hole (suspended)',
      'line 7 (blocked)',
    ]);
  });

  it('have a stack and variables of their own', async () => {
    const client = await atLine(CONTINUE_HOLE);
    const stack = await stackOf(client, 'early');
    expect(stack.map(({ name }) => name)).toEqual([
      'kvm_mmu_faultin_pfn',
      'kvm_tdp_mmu_page_fault',
      'kvm_mmu_page_fault',
      'npf_interception',
      'ioctl(KVM_RUN)',
      'fault vcpu 0 read gpa 0x80000000 until FA9g as early',
    ]);
    const { scopes } = await client.request('scopes', { frameId: stack[0]!.id });
    expect(await client.rowsOf(scopes[0].variablesReference)).toContain('gfn: 0x80000');
    const { result } = await client.request('evaluate', { expression: 'gfn', frameId: stack[0]!.id });
    expect(result).toBe('0x80000');
    expect((await stackOf(client, 'hole'))[0]!.name).toBe('kvm_gmem_invalidate_begin');
  });

  it('that are not there have no stack', async () => {
    const client = await atLine(CONTINUE_HOLE);
    expect((await client.ask('stackTrace', { threadId: 99 })).message).toBe('There is no thread 99.');
  });

  it('a call that goes on is the scenario again, and stops at breakpoints', async () => {
    const client = await atLine(CONTINUE_EARLY);
    await client.request('setFunctionBreakpoints', { breakpoints: [{ name: 'kvm_mmu_faultin_pfn' }] });
    await client.move('continue');
    expect(await names(client)).toEqual(['scenario']);
    const stack = await client.stack();
    expect(stack.map(({ name }) => name).slice(0, 1)).toEqual(['kvm_mmu_faultin_pfn']);
    expect(stack.at(-1)!.name).toBe('continue early');
  });

  it('a step on another thread is the next one of that call', async () => {
    const client = await atLine(WAITS);
    const hole = (await threads(client)).find(({ name }) => name.startsWith('hole'))!;
    await client.move('next', { threadId: hole.id });
    const stack = await client.stack();
    expect([stack[0]!.name, stack.at(-1)!.name]).toEqual(['kvm_gmem_invalidate_begin', 'continue hole']);
  });
});

describe('what stands in the editor', () => {
  it('is that a call waits, until it has gone on; and so again on the way back', async () => {
    const client = await atLine(CONTINUE_HOLE);
    const waiting = texts(client);
    expect(waiting.at(-1)).toBe('7 waits for mmu_lock, held by hole · allocated A page 0x1');
    await client.nextToLine(CONTINUE_EARLY);
    expect(texts(client)).toContain(
      '7 waited for mmu_lock · retried: an invalidation ended since the fault began · ' +
        'mapped 4K gfn 0x80001 rwx · allocated A page 0x1 · 2 faults',
    );
    await client.move('stepBack');
    expect((await client.stack())[0]!.line).toBe(CONTINUE_HOLE);
    expect(texts(client)).toEqual(waiting);
  });

  it('says the whole at the end', async () => {
    const client = await atLine(CONTINUE_EARLY);
    await client.move('next');
    expect(texts(client).slice(4)).toEqual([
      '6 suspended before I5',
      expect.stringMatching(/^7 waited for mmu_lock/),
      '8 freed A page 0x0',
      '9 retried: an invalidation ended since the fault began · mapped 4K gfn 0x80000 rwx · allocated A page 0x0',
    ]);
  });
});
