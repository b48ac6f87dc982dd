/** Part of `npm run build`: what the twin's page is made of is not compiled, and lies beside what serves it. */
import { cpSync } from "node:fs";

const page = "src/twin/page";
cpSync(page, `dist/${page}`, { recursive: true, filter: (path) => !path.endsWith(".ts") });
