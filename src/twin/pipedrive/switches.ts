/**
 * Behaviour of the real Pipedrive that no source settles. Each is a switch, so that a test can try the sync against
 * both ways; the default is the likelier or the stricter one.
 */
export const DEFAULT_SWITCHES = {
  /** GET of a soft-deleted or merged-away record: 200 with `is_deleted: true`, or 404. */
  deletedGet: 200 as 200 | 404,
  /** DELETE of a deleted record: 200 again, or 404. */
  repeatedDelete: 404 as 200 | 404,
  /** The 404 of a person or an organization: as deals are known to word it, or in the envelope of v1. */
  notFoundBody: "v2" as "v2" | "v1",
  /** `limit` above what an endpoint allows: refused with 400, or 200 with as many as are allowed. */
  limitAboveMax: 400 as 400 | 200,
  /** `code` of the 400 for a cursor that is none. */
  invalidCursorCode: "ERR_SCHEMA_VALIDATION_FAILED" as "ERR_SCHEMA_VALIDATION_FAILED" | "ERR_BAD_REQUEST",
  /** Open deals leave out won_time, lost_time and expected_close_date instead of sending null. */
  openDealsOmitTimes: false,
  /** A deal made through the API needs a person or an organization. */
  dealNeedsContact: true,
  /** A PATCH of an archived deal is carried out instead of being refused. */
  archivedDealsEditable: false,
  /** Contact sync is on: persons have notes, im, birthday, job_title and postal_address. */
  contactSync: true,
  /** Two custom fields of an object may have the same name. */
  duplicateFieldNames: true,
  /** A PATCH that changes nothing sends a webhook (with an empty `previous`) and moves update_time. */
  noopPatchWebhook: false,
  /** meta.id is the same in all attempts of a delivery. */
  stableMetaId: true,
  /** A cleared custom field is null in the webhook's data instead of being absent. */
  webhookClearedNull: false,
  /** Keys of webhook data: as in the published examples, or those plus what REST answers, with its types. */
  webhookKeys: "examples" as "examples" | "rest",
  /** `previous` of persons, organizations and deals holds the old update_time. */
  webhookPreviousUpdateTime: false,
  /** Records that change because another was merged away send webhooks. */
  mergeRepointWebhooks: true,
  /** Webhooks to plain http addresses are accepted. */
  webhookHttp: true,
  /** `name` may be missing when a webhook is made. */
  webhookNameOptional: false,
  /** How long a changed record stays out of search, ms. */
  searchDelayMs: 0,
  /** A refused request (429) costs its tokens. */
  refusedCallsCost: false,
  /** Body of the 429 of the two-second window: the gateway's, the same without `error_info`, or v1's. */
  burstBody: "gateway" as "gateway" | "short" | "v1",
  /** `retry-after` on the 429 of the two-second window. */
  burstRetryAfter: false,
  /** `error_info` in the 429 of the daily budget. */
  dailyErrorInfo: false,
  /** When the daily budget starts anew: hours after midnight UTC. */
  dailyResetHour: 0,
  /** Phone numbers that begin with + or 00 are grouped with blanks. */
  formatPhones: true,
  /** The API token is also taken from `?api_token=`. */
  apiTokenInQuery: false,
};

export type Switches = typeof DEFAULT_SWITCHES;

interface Bounds {
  least: number;
  most: number;
}

/** What the switches take that are neither true nor false: listed values, or whole numbers. */
const VALUES: { [K in keyof Switches]?: readonly Switches[K][] | Bounds } = {
  deletedGet: [200, 404],
  repeatedDelete: [200, 404],
  notFoundBody: ["v2", "v1"],
  limitAboveMax: [400, 200],
  invalidCursorCode: ["ERR_SCHEMA_VALIDATION_FAILED", "ERR_BAD_REQUEST"],
  webhookKeys: ["examples", "rest"],
  burstBody: ["gateway", "short", "v1"],
  searchDelayMs: { least: 0, most: 24 * 60 * 60 * 1000 },
  dailyResetHour: { least: 0, most: 23 },
};

/** Why a switch cannot be set so, with what it could be set to; undefined when it can. */
export function switchProblem(name: string, value: unknown): string | undefined {
  if (!Object.hasOwn(DEFAULT_SWITCHES, name)) {
    return `unknown switch "${name}". Known: ${Object.keys(DEFAULT_SWITCHES).join(", ")}`;
  }
  const takes: readonly unknown[] | Bounds = VALUES[name as keyof Switches] ?? [true, false];
  if ("least" in takes) {
    const fits = Number.isInteger(value) && takes.least <= Number(value) && Number(value) <= takes.most;
    return fits ? undefined : `switch "${name}" takes whole numbers from ${takes.least} to ${takes.most}`;
  }
  return takes.includes(value)
    ? undefined
    : `switch "${name}" takes ${takes.map((one) => JSON.stringify(one)).join(" or ")}`;
}
