/** Listings of procedures as read-only documents of the editor, which need no debug session. */
import { listingPath, listingText, PROCEDURE_NAMES } from '../../dap';
import { kernelText, readKernel } from '../../language';
import { setupOfKernel } from '../../outcome';
import type { Setup } from '../../simulator';

export const LISTING_SCHEME = 'gmemscope-listing';

/** The parts of the URI of a listing. The path is for people; the query says which listing it is. */
export function listingAddress(
  setup: Setup,
  procedure: string,
): { readonly scheme: string; readonly path: string; readonly query: string } {
  const query = JSON.stringify([kernelText(setup), procedure]);
  return { scheme: LISTING_SCHEME, path: `/${listingPath(setup, procedure)}`, query };
}

function askedListing(query: string): { readonly kernel: string; readonly procedure: string } | null {
  try {
    const [kernel, procedure]: unknown[] = JSON.parse(query);
    return typeof kernel === 'string' && typeof procedure === 'string' ? { kernel, procedure } : null;
  } catch {
    return null;
  }
}

/** The text of the document with that query; null if it names no listing. */
export function listingDocument(query: string): string | null {
  const asked = askedListing(query);
  if (asked === null || !PROCEDURE_NAMES.includes(asked.procedure)) return null;
  const kernel = readKernel(asked.kernel);
  if (typeof kernel === 'string') return null;
  return listingText(setupOfKernel(kernel), asked.procedure).lines.join('\n');
}
