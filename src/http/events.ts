import type { FastifyInstance, FastifyRequest } from "fastify";
import { InputError } from "../errors.ts";
import type { ProgramEvent } from "../partner/adapter.ts";
import { crmRecordOf } from "../partner/crm-record.ts";
import { parseProgramEvent } from "../partner/event.ts";
import { SIGNATURE_HEADER, type SignatureFault, verifySignature } from "../partner/signature.ts";
import type { EventCredentials } from "../store/connection-rows.ts";
import { isTenantId } from "../store/tenants.ts";
import { rawBody, readDelivery, takeRawBodies } from "./deliveries.ts";
import type { HttpDeps } from "./deps.ts";
import { HttpError } from "./http-error.ts";

interface Route {
  Params: { tenant: string };
}

const FAULTS = {
  missing: "the signature is missing",
  malformed: "the signature is malformed",
  expired: "the signature is more than five minutes old, or from the future",
  mismatch: "the signature matches no secret in force",
} as const satisfies Record<SignatureFault, string>;

const SIGNATURE_HINT = "X-Program-Signature: t=<unix seconds>,v1=<hex hmac-sha256 of t, a dot and the raw body>";

/** `POST /events/:tenant`: something happened in the partner program (neutral event envelope, HMAC-signed). */
export function events(server: FastifyInstance, deps: HttpDeps): void {
  takeRawBodies(server);

  async function receive(request: FastifyRequest<Route>) {
    const { tenant: tenantId } = request.params;
    const body = rawBody(request.body);
    const { connectionId } = await authenticate(deps, tenantId, request.headers[SIGNATURE_HEADER], body);
    const sender = { tenantId, connectionId, what: "program event", code: "EVENT_UNREADABLE" };
    const event = await readDelivery(deps, sender, body, (json) => readEvent(json, tenantId));
    if (!event) return { ignored: true };

    const key = await deps.tenants.key(tenantId);
    const laneId = await deps.lanes.accept({
      tenantId,
      connectionId,
      source: "program",
      deliveryKey: event.event_id,
      payload: key.sealJson("inbox.payload", event),
      ...(crmRecordOf(event.aggregate.kind, event.data) ?? { object: null, crmId: null }),
      kind: event.aggregate.kind,
      programId: event.aggregate.id,
    });
    if (laneId === null) return { duplicate: true };
    await deps.ringer.ringDue(tenantId, ["outbound"]);
    return { accepted: true };
  }

  server.post<Route>("/events/:tenant", { config: { public: "events are signed" }, helmet: false }, receive);
}

/** An unknown tenant is answered like a wrong signature: strangers learn no names here. */
async function authenticate(
  { connections }: HttpDeps,
  tenantId: string,
  header: string | string[] | undefined,
  body: Buffer,
): Promise<EventCredentials> {
  const credentials = isTenantId(tenantId) ? await connections.eventCredentials(tenantId) : null;
  const secrets = credentials?.secrets ?? [];
  const check = verifySignature({ header, rawBody: body, secrets, nowMs: Date.now() });
  if (check.ok && credentials) return credentials;
  const reason = check.ok ? "mismatch" : check.reason;
  throw new HttpError(401, `SIGNATURE_${reason.toUpperCase()}`, FAULTS[reason], SIGNATURE_HINT);
}

/** @returns null for what the sync does not keep in step, and for a ping @throws InputError */
function readEvent(json: unknown, tenantId: string): ProgramEvent | null {
  const event = parseProgramEvent(json);
  const { tenant_id: told, type } = json as { tenant_id: string; type: string }; // checked by parseProgramEvent
  if (told !== tenantId) {
    const hint = "send each tenant's events to its own address";
    throw new InputError("EVENT_TENANT", `the event is not of tenant ${tenantId}`, "tenant_id", hint);
  }
  return type === "sync.ping" ? null : event;
}
