import { tsImport } from "tsx/esm/api";

/** Jest's globalSetup cannot be TypeScript in ESM mode: this is its way in. */
export default async function globalSetup() {
  const { startServices } = await tsImport("./services.ts", import.meta.url);
  await startServices();
}
