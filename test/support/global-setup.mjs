import { importSource } from "../../scripts/import-source.mjs";

/** Jest's globalSetup cannot be TypeScript in ESM mode: this is its way in. */
export default async function globalSetup() {
  const { startServices } = await importSource("test/support/services.ts");
  await startServices();
}
