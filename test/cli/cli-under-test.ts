import { runCli } from "../../src/cli/run.ts";

export interface Ran {
  /** 0 done, 1 failed, 2 wrong usage. */
  code: number;
  out: string;
  err: string;
}

/** Runs one command as a shell would, with what is piped into it. */
export async function cli(args: string[], stdin = ""): Promise<Ran> {
  let [out, err] = ["", ""];
  const code = await runCli(args, {
    stdin: (async function* () {
      yield stdin;
    })(),
    out(text) {
      out += text;
    },
    err(text) {
      err += text;
    },
  });
  return { code, out, err };
}

/** What --json answered. @throws with what went wrong when the command failed */
export async function json<T>(args: string[], stdin = ""): Promise<T> {
  const { code, out, err } = await cli([...args, "--json"], stdin);
  if (code !== 0) throw new Error(`partnersync ${args.join(" ")} ended with ${code}: ${err}`);
  return JSON.parse(out) as T;
}
