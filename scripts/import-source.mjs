import { mkdirSync, readFileSync, renameSync, statSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { pathToFileURL } from "node:url";

const root = dirname(import.meta.dirname);
const cache = join(root, "node_modules", ".cache", "partnersync");
const MARK = "// made of ";

/**
 * Imports a TypeScript file of ours, compiled with everything of ours behind it into one JavaScript file: a process that
 * starts so takes half the time it takes to compile file by file. Compiled anew only when one of the files has changed.
 *
 * @param {string} file path from the project's root, e.g. "src/server.ts"
 * @returns its exports
 */
export async function importSource(file) {
  const compiled = await compile(file).catch((error) => {
    if (["EACCES", "EPERM", "EROFS"].includes(error.code)) return null;
    throw error;
  });
  if (compiled) {
    process.setSourceMapsEnabled(true);
    return import(pathToFileURL(compiled).href);
  }
  const { register } = await import("tsx/esm/api"); // a clone that this user cannot write to
  register();
  return import(pathToFileURL(join(root, file)).href);
}

/** @returns {Promise<string>} the JavaScript file */
async function compile(file) {
  const target = join(cache, file.replace(/\.ts$/, ".mjs"));
  if (isCurrent(target)) return target;
  const { build } = await import("esbuild");
  const began = Date.now();
  const { outputFiles, metafile } = await build({
    absWorkingDir: root,
    entryPoints: [file],
    outfile: target,
    bundle: true,
    packages: "external",
    platform: "node",
    format: "esm",
    target: "node20",
    sourcemap: "inline",
    sourcesContent: false,
    metafile: true,
    write: false,
    logLevel: "silent", // what is wrong is thrown
    plugins: [keepPlaces],
  });
  const inputs = Object.keys(metafile.inputs).map((path) => [path, stampOf(path, began)]);
  mkdirSync(dirname(target), { recursive: true });
  const mine = `${target}.${process.pid}`;
  writeFileSync(mine, `${outputFiles[0].text}${MARK}${JSON.stringify({ root, inputs })}`);
  renameSync(mine, target); // whoever starts at the same moment reads the one or the other, and both are whole
  return target;
}

/** The files that a program finds beside its sources are beside none of what they are compiled to. */
const keepPlaces = {
  name: "keep places",
  setup({ onLoad }) {
    onLoad({ filter: /\.ts$/ }, ({ path }) => {
      const text = readFileSync(path, "utf8");
      if (!text.includes("import.meta.url")) return undefined;
      return { loader: "ts", contents: text.replaceAll("import.meta.url", JSON.stringify(pathToFileURL(path).href)) };
    });
  },
};

function isCurrent(file) {
  try {
    const text = readFileSync(file, "utf8");
    const made = JSON.parse(text.slice(text.lastIndexOf(MARK) + MARK.length));
    // Places are written into it: a project that was moved, or copied with all that was installed, is compiled anew.
    return made.root === root && made.inputs.every(([path, stamp]) => stampOf(path) === stamp);
  } catch {
    return false; // not there yet, or made of a file that is gone
  }
}

/**
 * @param {string} path from the project's root
 * @param {number} [before] when it was read; a file that was written since then has no stamp
 */
function stampOf(path, before = Number.POSITIVE_INFINITY) {
  const { mtimeMs, size } = statSync(join(root, path));
  return mtimeMs > before ? null : `${mtimeMs} ${size}`;
}
