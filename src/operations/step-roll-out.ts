import type { App } from "../app.ts";
export async function stepRollOuts(_app: App): Promise<void> {}
