import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { buildKernel, refuseUnknown } from '../../kernel/build';
import { kernelFolder } from '../../kernel/folders';

describe('refuseUnknown', () => {
  const fragment = '# a comment\nCONFIG_KVM=y\n# CONFIG_KVM_AMD_SEV is not set\n';

  it('accepts a configuration that took every option', () => {
    expect(() => refuseUnknown(fragment, 'CONFIG_64BIT=y\nCONFIG_KVM=y\n')).not.toThrow();
  });

  it('names the options that were lost', () => {
    expect(() => refuseUnknown(fragment, '# CONFIG_KVM is not set\n')).toThrow('did not accept CONFIG_KVM=y');
  });
});

describe('buildKernel', () => {
  let cache: string;
  beforeEach(async () => {
    cache = await mkdtemp(join(tmpdir(), 'gmemscope-test-'));
    vi.stubEnv('XDG_CACHE_HOME', cache);
  });
  afterEach(async () => {
    vi.unstubAllEnvs();
    await rm(cache, { recursive: true, force: true });
  });

  it('says that it knows no such kernel', async () => {
    await expect(buildKernel('linux-2.6')).rejects.toThrow('no recipe to build a kernel called linux-2.6');
  });

  it('says what to install where the tools are missing', async () => {
    vi.stubEnv('PATH', '');
    await expect(buildKernel('linux-7.3')).rejects.toThrow(
      /Building linux-7\.3 needs .*make.*apt-get install/,
    );
  });
});

it('turns on in the configuration what the recordings need', async () => {
  const config = await readFile(join(kernelFolder(), 'kernel.config'), 'utf8');
  for (const option of ['KVM_AMD', 'KVM_SW_PROTECTED_VM', 'KVM_PROVE_MMU', 'TRANSPARENT_HUGEPAGE_MADVISE']) {
    expect(config).toContain(`CONFIG_${option}=y\n`);
  }
});
