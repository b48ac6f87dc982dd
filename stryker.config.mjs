/**
 * Mutation testing of the pure domain: `npm run mutation -- [paths]`. Its tests run on mocha, in one process: a mutant
 * costs milliseconds there. Each mutant runs only the tests that reach it, until one fails; everything random is drawn
 * from one seed, so that the same mutants survive each time.
 *
 * @type {import("@stryker-mutator/api/core").PartialStrykerOptions}
 */
export default {
  mutate: ["src/sync/**/*.ts", "!src/sync/mapping/write-json-schema.ts"],
  testRunner: "mocha",
  testRunnerNodeArgs: ["--import", "./test/support/mutation/on-mocha.mjs"],
  // Those that draw hundreds of cases come last: most mutants are seen before.
  mochaOptions: { spec: ["test/sync/**/!(*.property).test.ts", "test/sync/**/*.property.test.ts"] },
  coverageAnalysis: "perTest",
  // A table made when its module loads would need a process of its own per mutant: they are told, and left out.
  ignoreStatic: true,
  disableTypeChecks: false, // nothing that runs here looks at a type
  reporters: ["clear-text", "json"],
  clearTextReporter: { allowColor: false, logTests: false, allowEmojis: false },
  jsonReporter: { fileName: "reports/mutation.json" },
  concurrency: 1,
  timeoutMS: 20_000,
  tempDirName: ".stryker-tmp",
};
