import type { FastifyInstance, FastifyRequest } from "fastify";
import { INTAKE_HEADER } from "../operations/connect-intake.ts";
import { intakeOf } from "../operations/try-intake.ts";
import { readPosted } from "../partner/intake/posted.ts";
import { translatePost } from "../partner/intake/translate.ts";
import type { IntakeCredentials } from "../store/connection-rows.ts";
import type { LiveMapping } from "../store/mappings.ts";
import { isTenantId } from "../store/tenants.ts";
import { type MappingDocument, parseMappingDocument } from "../sync/mapping/parse.ts";
import { isSameSecret } from "./basic-auth.ts";
import { rawBody, readDeliveryWith, takeRawBodies } from "./deliveries.ts";
import type { HttpDeps } from "./deps.ts";
import { HttpError } from "./http-error.ts";

declare module "fastify" {
  interface FastifyRequest {
    /** The connection whose program posts this. */
    intake: IntakeCredentials | null;
  }
}

interface Route {
  Params: { tenant: string; path: string };
}

/** A workflow posts a few dozen fields; notes of a page or two fit as well. */
const MOST_POST_BYTES = 262_144;
/** Compared against when there is none, so that its absence takes as long. */
const NOBODY = { path: "no path", secret: "no secret" };

/**
 * `POST /intake/:tenant/:path`: a workflow of a program that can only post (JSON or form fields). Who knows both halves
 * of the secret, the path and the header `X-Intake-Secret`, may post.
 */
export function intake(server: FastifyInstance, deps: HttpDeps): void {
  takeRawBodies(server);
  server.decorateRequest("intake", null);
  const documents = new WeakMap<LiveMapping, MappingDocument>();

  async function authenticate(request: FastifyRequest<Route>): Promise<void> {
    const { tenant, path } = request.params;
    const credentials = isTenantId(tenant) ? await deps.connections.intakeCredentials(tenant) : null;
    const shown = request.headers[INTAKE_HEADER];
    let matches = false;
    // Every pair and both halves are compared, so that the time taken does not tell which was right.
    for (const pair of credentials?.pairs ?? [NOBODY]) {
      const samePath = isSameSecret(path, pair.path);
      const sameSecret = isSameSecret(typeof shown === "string" ? shown : "", pair.secret);
      matches = (samePath && sameSecret) || matches;
    }
    if (!credentials || !matches) {
      const hint = "post to the address, and with the header, that connecting the program has shown";
      throw new HttpError(401, "INTAKE_CREDENTIALS", "unknown address, or not its secret in X-Intake-Secret", hint);
    }
    request.intake = credentials;
  }

  async function receive(request: FastifyRequest<Route>) {
    const { tenantId, connectionId } = request.intake as IntakeCredentials;
    const document = await documentOf(tenantId);
    const sender = { tenantId, connectionId, what: "post of the partner program", code: "POST_UNREADABLE" };
    const events = await readDeliveryWith(deps, sender, () => {
      const posted = readPosted(rawBody(request.body), request.headers["content-type"]);
      return translatePost(intakeOf(document), posted, document.rules.default_currency);
    });
    const taken = await deps.intakes.accept(tenantId, connectionId, events);
    if (taken.includes("accepted")) await deps.ringer.ringDue(tenantId, ["outbound"]);
    return { events: events.map(({ kind, id }, i) => ({ kind, id, taken: taken[i] })) };
  }

  /** Without one nobody knows what the fields mean: the program has to post again. */
  async function documentOf(tenantId: string): Promise<MappingDocument> {
    const live = await deps.mappings.live(tenantId);
    const document = live && (documents.get(live) ?? parseMappingDocument(live.document).document);
    if (!live || !document) {
      const hint = "load its mapping document, then have the workflow post again";
      throw new HttpError(503, "NO_MAPPING", `${tenantId} has no mapping in force to read posts by`, hint);
    }
    documents.set(live, document);
    return document;
  }

  // Authenticated before the body is read: a stranger's bodies take no memory.
  const options = {
    config: { public: "whoever posts shows a secret path and a secret header" },
    helmet: false as const,
    bodyLimit: MOST_POST_BYTES,
    onRequest: authenticate,
  };
  server.post<Route>("/intake/:tenant/:path", options, receive);
}
