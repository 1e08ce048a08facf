/** Where the source of a kernel can be read. */

const ELIXIR = 'https://elixir.bootlin.com/linux';

/**
 * The tag of each profile in the cross-reference. For 7.3 it is `latest`, which the site takes to the newest release that
 * it has: an address that is answered whether 7.3 is among its tags or not, and never with an older kernel than that.
 */
const TAGS: Readonly<Record<string, string>> = {
  'linux-6.12': 'v6.12',
  // Both are told on top of 6.12.
  'rfc-2023-05': 'v6.12',
  'mail-2023-05-22': 'v6.12',
};

function tagOf(kernel: string): string {
  return TAGS[kernel] ?? 'latest';
}

/** The definitions and uses of a function. The cross-reference calls it an identifier of the family C. */
export function functionUrl(kernel: string, name: string): string {
  return `${ELIXIR}/${tagOf(kernel)}/C/ident/${name}`;
}
