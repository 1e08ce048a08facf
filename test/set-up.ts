import fc from 'fast-check';

/** The same random scenarios in each run of the tests; `npm run soak` looks at others. */
fc.configureGlobal({ seed: 20_230_522 });
