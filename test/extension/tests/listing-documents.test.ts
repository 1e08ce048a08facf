import { describe, expect, it } from 'vitest';
import {
  LISTING_SCHEME,
  listingAddress,
  listingDocument,
} from '../../../src/extension/tests/listing-documents';
import { PROCEDURES } from '../../../src/simulator';

const setup = (knobs: Record<string, string>) =>
  ({ kernel: 'linux-7.3', knobs, vm: 'sw-protected', vcpus: 1 }) as const;

describe('the document of a listing', () => {
  it.each([...PROCEDURES.keys()])('of %s is found by its address', (procedure) => {
    for (const knobs of [{}, { 'retry-check': 'off', 'slot-zap': 'slot-only' }]) {
      const { scheme, path, query } = listingAddress(setup(knobs), procedure);
      expect(scheme).toBe(LISTING_SCHEME);
      expect(path).toMatch(/^\/linux-7\.3[^ ]*\.gmem-listing$/);
      const [head] = listingDocument(query)!.split('\n');
      expect(head).toMatch(new RegExp(`linux-7\\.3${'slot-zap' in knobs ? ' with .* with ' : '$'}`));
      expect(head!.startsWith(`# ${procedure}: `)).toBe(true);
    }
  });

  it.each([
    ['', 'no query'],
    ['null', 'another value'],
    ['[1, 2]', 'numbers'],
    ['["linux-9.9","kvm_gmem_create"]', 'an unknown kernel'],
    ['["linux-7.3 with retry-check","kvm_gmem_create"]', 'a knob without a variant'],
    ['["linux-7.3","kvm_gmem_crate"]', 'an unknown procedure'],
  ])('is absent for %s: %s', (query) => {
    expect(listingDocument(query)).toBeNull();
  });
});
