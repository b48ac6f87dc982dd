import type { App } from "../src/app.ts";
import type { Doorbell } from "../src/queues/doorbells.ts";
import { answerBell } from "./answer-bell.ts";

/** A bell of the inbound queue: afterwards the partner program agrees with what was decided for this lane. */
export function inboundPipedriveChanges(bell: Doorbell, app: App): Promise<string> {
  return answerBell(bell, "inbound", app);
}
