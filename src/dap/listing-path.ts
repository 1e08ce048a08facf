/** Names for listings where they are files or documents of their own. */
import { kernelText } from '../language';
import { kernelOf, type Setup } from '../simulator';

/** Suffix of listings, which editors map to their language. */
const SUFFIX = '.gmem-listing';

/** The text with everything that is special in file names and URLs replaced by single hyphens. */
function plain(text: string): string {
  return text.replaceAll(/[^\w.]+/g, '-').replaceAll(/^-|-$/g, '');
}

/**
 * `linux-7.3/virt/kvm/guest_memfd.c/kvm_gmem_punch_hole.gmem-listing`: the path of a procedure's listing, below some
 * folder. The source keeps apart the names that some file systems cannot (`rmpupdate`, `RMPUPDATE`), and groups them.
 */
export function listingPath(setup: Setup, procedure: string): string {
  const { source } = kernelOf(setup).procedure(procedure);
  const folders = [kernelText(setup), ...source.split('/')].map(plain);
  return `${folders.join('/')}/${plain(procedure)}${SUFFIX}`;
}
