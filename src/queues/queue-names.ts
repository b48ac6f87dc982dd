import type { Direction } from "../sync/model.ts";

/** One queue per direction, so that each can be watched, paused and scaled on its own. */
export const QUEUE_NAMES = {
  inbound: "inbound-pipedrive-changes",
  outbound: "outbound-allbound-writes",
} as const satisfies Record<Direction, string>;
