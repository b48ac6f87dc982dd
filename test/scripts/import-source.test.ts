import { execFile } from "node:child_process";
import { mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { join, relative, resolve } from "node:path";
import { pathToFileURL } from "node:url";
import { promisify } from "node:util";
import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";

const CACHE = join("node_modules", ".cache", "partnersync");

let folder: string;
let entry: string;
beforeAll(async () => {
  await mkdir(".data", { recursive: true });
  folder = await mkdtemp(resolve(".data", "compiled-"));
  entry = join(folder, "entry.ts");
});
afterAll(async () => {
  for (const made of [folder, join(CACHE, relative(process.cwd(), folder))]) await rm(made, { recursive: true });
});

/** What `npm run` with a program of two files prints. */
async function run(): Promise<string> {
  const { stdout } = await promisify(execFile)(process.execPath, ["scripts/run.mjs", relative(process.cwd(), entry)]);
  return stdout;
}

describe("a TypeScript program", () => {
  test("is compiled anew when a file behind it has changed", async () => {
    await writeFile(entry, `import { said } from "./other.ts";\nconsole.log(said satisfies string);\n`);
    for (const said of ["first", "first", "and then"]) {
      await writeFile(join(folder, "other.ts"), `export const said: string = "${said}";\n`);
      expect(await run()).toBe(`${said}\n`);
    }
  });

  test("finds what lies beside its sources, and its stack traces show them", async () => {
    const other = join(folder, "other.ts");
    await writeFile(other, `// a line\nexport const said = \`\${import.meta.url} \${new Error("here").stack}\`;\n`);
    const said = await run();
    expect(said).toContain(`${pathToFileURL(other).href} Error: here`);
    expect(said).toContain(`${other}:2:`);
  });

  test("is compiled anew where the project was moved to another folder", async () => {
    await writeFile(join(folder, "other.ts"), "export const said = import.meta.url;\n");
    await run();
    const compiled = join(CACHE, relative(process.cwd(), entry)).replace(/ts$/, "mjs");
    const elsewhere = (await readFile(compiled, "utf8")).replaceAll(process.cwd(), "/where/it/was");
    await writeFile(compiled, elsewhere);
    expect(await run()).toBe(`${pathToFileURL(join(folder, "other.ts")).href}\n`);
  });

  test("with a mistake in it says where", async () => {
    await writeFile(join(folder, "other.ts"), "export const said = ;\n");
    await expect(run()).rejects.toMatchObject({ code: 1, stderr: expect.stringMatching(/other\.ts:1:20: ERROR: /) });
  });
});
