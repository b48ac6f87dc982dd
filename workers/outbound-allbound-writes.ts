import type { App } from "../src/app.ts";
import type { Doorbell } from "../src/queues/doorbells.ts";
import { answerBell } from "./answer-bell.ts";

/** A bell of the outbound queue: afterwards Pipedrive agrees with what was decided for this lane. */
export function outboundAllboundWrites(bell: Doorbell, app: App): Promise<string> {
  return answerBell(bell, "outbound", app);
}
