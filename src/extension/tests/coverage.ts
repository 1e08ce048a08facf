import {
  DeclarationCoverage,
  type Disposable,
  FileCoverage,
  type FileCoverageDetail,
  Position,
  StatementCoverage,
  type TestRun,
  Uri,
  workspace,
} from 'vscode';
import { listingText } from '../../dap';
import { type CoveredListing, type KernelCounts, profileCoverage, stepCounter } from '../../outcome';
import { firstOf } from '../../simulator';
import { LISTING_SCHEME, listingAddress, listingDocument } from './listing-documents';
import type { VisitPlanned } from './planned';
import { runPlanned } from './run';

/** The procedure as a declaration, and its steps as statements, one on each line. */
function detailsOf({ setup, procedure, steps }: CoveredListing): FileCoverageDetail[] {
  const first = listingText(setup, procedure).firstStepLine - 1;
  return [
    new DeclarationCoverage(procedure, firstOf(steps).count, new Position(first, 0)),
    ...steps.map(({ count }, at) => new StatementCoverage(count, new Position(first + at, 0))),
  ];
}

/** Listings by what a run reports of them, as long as the editor keeps it. */
const listings = new WeakMap<FileCoverage, CoveredListing>();

/** The details of what `addCoverage` reported. */
export function coverageDetails(file: FileCoverage): FileCoverageDetail[] {
  const listing = listings.get(file);
  return listing === undefined ? [] : detailsOf(listing);
}

/** Counts the steps of the kernel that the scenarios of a run reach. */
export function countedRun(): { readonly visit: VisitPlanned; readonly addCoverage: (run: TestRun) => void } {
  const counts: KernelCounts[] = [];
  return {
    visit: async (run, planned) => {
      const counter = stepCounter(planned.test.program.setup);
      await runPlanned(run, planned, counter.onStep);
      counts.push(counter.counts());
    },
    addCoverage: (run) => {
      for (const listing of profileCoverage(counts).flatMap((profile) => profile.listings)) {
        const uri = Uri.from(listingAddress(listing.setup, listing.procedure));
        const file = FileCoverage.fromDetails(uri, detailsOf(listing));
        listings.set(file, listing);
        run.addCoverage(file);
      }
    },
  };
}

/** Shows the listings, which exist in no file. */
export function registerListings(): Disposable {
  return workspace.registerTextDocumentContentProvider(LISTING_SCHEME, {
    provideTextDocumentContent: ({ query }) => listingDocument(query),
  });
}
