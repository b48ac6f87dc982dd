/** Part of `npm run build`: what pages are made of, and data, is not compiled, and lies beside what reads it. */
import { cpSync } from "node:fs";

const notCompiled = (path) => !path.endsWith(".ts");
for (const folder of ["src/twin/page", "src/http/scopes-page", "src/actions"]) {
  cpSync(folder, `dist/${folder}`, { recursive: true, filter: notCompiled });
}
