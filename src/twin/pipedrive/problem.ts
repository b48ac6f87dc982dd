import type { ObjectName } from "./model.ts";

/** A refusal: its status and the body exactly as Pipedrive words it. */
export class Problem extends Error {
  override name = "Problem";
  readonly status: number;
  readonly body: Record<string, unknown>;
  constructor(status: number, body: Record<string, unknown>) {
    super(String(body.error ?? JSON.stringify(body)));
    this.status = status;
    this.body = body;
  }
}

const SEE_DEVELOPERS = "Please check developers.pipedrive.com";

const TITLES: Record<ObjectName, string> = { deal: "Deal", person: "Person", organization: "Organization" };

/** v2: a value that does not fit. `where` is the path of the key, e.g. `custom_fields.ab12…`. */
export function invalid(where: string, message: string): Problem {
  const error = `Validation failed: ${where}: ${message}`;
  return new Problem(400, { success: false, error, code: "ERR_SCHEMA_VALIDATION_FAILED" });
}

/** v2: a body key or query parameter that does not exist. */
export function notAllowed(name: string): Problem {
  return new Problem(400, { success: false, error: foreign(name), code: "ERR_SCHEMA_VALIDATION_FAILED" });
}

/** The same in v1. */
export function v1NotAllowed(name: string): Problem {
  return v1Problem(400, foreign(name));
}

function foreign(name: string): string {
  return `Parameter '${name}' is not allowed for this request`;
}

export function notFound(title: string): Problem {
  return new Problem(404, { success: false, error: `${title} not found`, code: "ERR_NOT_FOUND" });
}

/** A record that is not there. @param wording the envelope for persons and organizations; that of deals is known */
export function noRecord(object: ObjectName, wording: "v2" | "v1"): Problem {
  const title = TITLES[object];
  return object === "deal" || wording === "v2" ? notFound(title) : v1Problem(404, `${title} not found`);
}

/** v2: understood but not permitted, with the code of the rule. */
export function forbidden(error: string, code: string): Problem {
  return new Problem(403, { success: false, error, code });
}

/** The v1 envelope. */
export function v1Problem(status: number, error: string, info = SEE_DEVELOPERS): Problem {
  return new Problem(status, { success: false, error, error_info: info, data: null, additional_data: null });
}

/** What the gateway in front answers: authentication, scopes, limits. */
export function gatewayProblem(status: number, error: string, info: boolean = true): Problem {
  const body: Record<string, unknown> = { success: false, error, errorCode: status };
  if (info) body.error_info = SEE_DEVELOPERS;
  return new Problem(status, body);
}

/** The webhooks service's own envelope. */
export function webhookProblem(status: number, errors: Record<string, string[]>): Problem {
  return new Problem(status, { status: "error", success: false, errors });
}

/** The page of the network in front of Pipedrive after sustained traffic: not JSON, and a hard stop. */
export const ABUSE_PAGE = `<!DOCTYPE html>
<html lang="en-US"><head><title>Access denied | api.pipedrive.com used Cloudflare to restrict access</title></head>
<body><h1>Error 1015</h1><h2>You are being rate limited</h2></body></html>
`;
