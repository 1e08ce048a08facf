/** Links to kernel sources. */
import type { KernelName } from '../simulator';

const ELIXIR = 'https://elixir.bootlin.com/linux';

/**
 * The tag of each profile in the cross-reference. For 7.3 it is `latest`, which the site redirects to its newest
 * release: this works whether or not the site has 7.3 yet, and never shows an older kernel than its newest.
 */
const TAGS: Readonly<Record<KernelName, string>> = {
  'linux-7.3': 'latest',
  'linux-6.12': 'v6.12',
  // Both series are modelled on top of 6.12.
  'rfc-2023-05': 'v6.12',
  'mail-2023-05-22': 'v6.12',
};

function tagOf(kernel: string): string {
  const tags: Readonly<Record<string, string>> = TAGS;
  return tags[kernel] ?? 'latest';
}

/** The definitions and uses of a function: an identifier of family C in the cross-reference. */
export function functionUrl(kernel: string, name: string): string {
  return `${ELIXIR}/${tagOf(kernel)}/C/ident/${name}`;
}
