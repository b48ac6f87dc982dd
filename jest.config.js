/** @type {import("jest").Config} */
export default {
  roots: ["<rootDir>/test"],
  testMatch: ["**/*.test.ts"],
  testEnvironment: "node",
  extensionsToTreatAsEsm: [".ts"],
  transform: {
    "^.+\\.ts$": [
      "@swc/jest",
      {
        jsc: { parser: { syntax: "typescript" }, target: "es2023" },
        module: { type: "es6" },
        sourceMaps: "inline",
      },
    ],
  },
  moduleNameMapper: { "^content-disposition$": "<rootDir>/test/support/content-disposition.cjs" },
  globalSetup: "<rootDir>/test/support/global-setup.mjs",
  globalTeardown: "<rootDir>/test/support/global-teardown.mjs",
  // Generous: it is there for what hangs, not for what is slow on a busy machine.
  testTimeout: 60_000,
  testSequencer: "<rootDir>/test/support/longest-first.mjs",
  // For two cores: the longest tests wait for leases, grace times and processes more than they compute.
  maxWorkers: 3,
};
