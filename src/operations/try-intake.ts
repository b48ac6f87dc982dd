import type { App } from "../app.ts";
import { InputError } from "../errors.ts";
import { eventType, foldPost } from "../partner/intake/fold-post.ts";
import { readPosted } from "../partner/intake/posted.ts";
import { translatePost } from "../partner/intake/translate.ts";
import { type MappingDocument, parseMappingDocument } from "../sync/mapping/parse.ts";
import type { ProgramKind } from "../sync/model.ts";
import { otherTenant } from "./check-mapping.ts";
import { MappingRefusedError } from "./load-mapping.ts";

/** What a sample would tell, if nothing had been posted before. */
export interface TriedEvent {
  type: string;
  kind: ProgramKind;
  id: string;
  eventId: string | null;
  occurredAt: string | null;
  data: Record<string, unknown>;
}

/**
 * Translates a pasted sample by a document's intake, and does nothing with it.
 *
 * @param sample the body as the program would post it: JSON or form fields
 * @param contentType left out: JSON where it begins like it, else form fields
 * @throws MappingRefusedError for a document with errors; InputError NO_INTAKE, OTHER_TENANT, and those of a post that
 *   cannot be translated
 */
export function tryIntake(text: string, sample: string, contentType?: string, ofTenant?: string): TriedEvent[] {
  const { document, findings } = parseMappingDocument(text);
  if (!document) throw new MappingRefusedError(findings);
  if (ofTenant !== undefined && ofTenant !== document.tenant) throw otherTenant(ofTenant, document.tenant);
  const intake = intakeOf(document);
  const type = contentType ?? (/^\s*[[{]/.test(sample) ? "application/json" : "application/x-www-form-urlencoded");
  const posted = readPosted(Buffer.from(sample.trim(), "utf8"), type);
  return translatePost(intake, posted, document.rules.default_currency).map(({ told, ...event }) => {
    const data = foldPost(null, told);
    return { type: eventType(event.kind, null, data), ...event, data };
  });
}

/** The document in force, for a sample that is to be tried by it. @throws InputError NO_MAPPING */
export async function documentInForce(app: App, tenantId: string): Promise<string> {
  await app.tenants.known(tenantId);
  const live = await app.mappings.live(tenantId);
  if (live) return live.document;
  const hint = "send the document along, or load it first";
  throw new InputError("NO_MAPPING", `${tenantId} has no mapping in force`, "document", hint);
}

/** @throws InputError NO_INTAKE */
export function intakeOf({ intake, tenant }: MappingDocument) {
  if (intake) return intake;
  const hint = 'only the document of a program that can do no more than post has an "intake"';
  throw new InputError("NO_INTAKE", `the mapping document of ${tenant} has no intake`, "$.intake", hint);
}
