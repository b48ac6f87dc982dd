import { createHash } from "node:crypto";
import { z } from "zod";
import type { TwinContext } from "../context.ts";
import { carryOut, programCommand } from "./commands.ts";
import { type CommandRecord, invalid, Refusal, refused } from "./model.ts";
import type { Program, Programs } from "./state.ts";
import type { BeginTurn } from "./turn.ts";

export interface Answer {
  status: number;
  /** JSON text. */
  body: string;
}

/**
 * Takes one command. Its effects, its events and the answer under its key are one line of the journal, written before
 * the answer leaves: whoever lost the answer gets it again under the same key, also from a restarted twin.
 */
export function commandDesk(
  ctx: TwinContext,
  programs: Programs,
  beginTurn: BeginTurn,
): (program: Program, json: unknown) => Answer {
  function judge(program: Program, json: unknown): Pick<CommandRecord, "outcome" | "status" | "answer"> {
    const given = parse(programCommand, json);
    const turn = beginTurn(program, { origin: "crm", actor: given.actor, causationId: given.idempotency_key });
    try {
      const result = carryOut(given, turn, programs);
      return { outcome: turn.made > 0 ? "changed" : "unchanged", status: 200, answer: JSON.stringify({ result }) };
    } catch (error) {
      // Only documented refusals are an answer to the key; a malformed or misdirected command may be mended and sent.
      if (!(error instanceof Refusal) || error.status !== 409) throw error;
      return { outcome: "refused", status: 409, answer: JSON.stringify(error.body) };
    }
  }

  return (program, json) => {
    const { command, idempotency_key } = parse(header, json);
    const digest = digestOf(json);
    const earlier = program.answers.get(idempotency_key);
    if (earlier && earlier.digest !== digest) throw refused("idempotency_key_reused");
    return ctx.journal.together(() => {
      const judged = earlier ? { ...earlier, outcome: "repeated" as const } : judge(program, json);
      const { outcome, status, answer } = judged;
      const at = new Date(ctx.clock.now()).toISOString();
      programs.record(program, { at, command, idempotency_key, outcome, digest, status, answer });
      return { status, body: answer };
    });
  };
}

const header = z.looseObject({ command: z.string().max(64), idempotency_key: z.string().min(1).max(200) });

export function parse<T>(schema: z.ZodType<T>, json: unknown): T {
  const parsed = schema.safeParse(json);
  if (parsed.success) return parsed.data;
  const issues = parsed.error.issues.map((issue) => `${issue.path.join(".") || "body"}: ${issue.message}`);
  throw invalid(issues.slice(0, 3).join("; "));
}

/** What a key stands for. Why and by whom the command is sent may differ from one sending to the next. */
function digestOf(json: unknown): string {
  const { cause: _cause, actor: _actor, ...meant } = parse(z.looseObject({}), json);
  return createHash("sha256")
    .update(JSON.stringify(sorted(meant)))
    .digest("hex");
}

function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted);
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(
    Object.entries(value)
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([name, member]) => [name, sorted(member)]),
  );
}
