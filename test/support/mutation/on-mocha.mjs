/** Loaded before mutation testing's mocha: TypeScript as it is, and jest's globals from beside this file. */
import { register } from "node:module";
import "tsx";

const globals = new URL("jest-globals.mjs", import.meta.url).href;
const hooks = `export const resolve = (specifier, context, next) =>
  specifier === "@jest/globals" ? { url: ${JSON.stringify(globals)}, shortCircuit: true } : next(specifier, context);`;
register(`data:text/javascript,${encodeURIComponent(hooks)}`);
