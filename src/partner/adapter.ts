import type { Aggregate, ProgramKind } from "../sync/model.ts";

/**
 * The seam to a partner program. One implementation speaks the neutral HTTP form (`neutral-http.ts`); a program that
 * can only post workflow webhooks gets its own later.
 *
 * Every method throws the errors of `src/errors.ts` only: ParkedError (429, 406), ConnectionError (401, 403,
 * unreachable), RefusedError (409 with its code), NotFoundError (404), OutcomeUnknownError (a command whose answer was
 * lost), NoEffectError (a command known not to have arrived, or a failed read), RecordError (the program calls the
 * command itself wrong: 400, 422). All but OutcomeUnknownError are known to have had no effect.
 */
export interface PartnerProgram {
  /** Sends one command. Repeating it under its key is safe: the program answers as it did the first time. */
  apply(command: ProgramCommand, options?: CallOptions): Promise<Aggregate>;
  /** @throws NotFoundError */
  get(kind: ProgramKind, id: string, options?: CallOptions): Promise<Aggregate>;
  /** The pull feed: events after `cursor`, oldest first, at most `limit` (1..500). */
  fetchChanges(
    cursor: string | null,
    limit?: number,
    options?: CallOptions,
  ): Promise<{ events: ProgramEvent[]; cursor: string | null }>;
}

export interface CallOptions {
  /** Aborts the call when the caller's lease is lost. */
  signal?: AbortSignal;
}

/** Commands that the sync sends. Shapes: the neutral model; `expected_version` guards every overwrite. */
export type CommandBody =
  | {
      command: "partner.upsert_from_crm";
      crm_org_id: number;
      /** Keys: name, website, tier, type, region, country, manager_email. */
      fields: Record<string, unknown>;
      status: string | null;
      /** Null only when the partner does not exist yet. */
      expected_version: number | null;
    }
  | { command: "partner.set_status"; partner_id: string; status: string; expected_version: number }
  | {
      command: "registration.link_crm";
      registration_id: string;
      deal_id: number;
      org_id: number | null;
      person_id: number | null;
    }
  | {
      command: "registration.update_from_crm";
      registration_id: string;
      /** Keys: amount {value, currency}, expected_close_date, stage_key. */
      changes: Record<string, unknown>;
      expected_version: number;
    }
  | {
      command: "registration.set_outcome";
      registration_id: string;
      outcome: "won" | "lost";
      closed_at: string | null;
      reason: string | null;
      value: { value: number; currency: string } | null;
      expected_version: number;
    }
  | { command: "registration.reopen"; registration_id: string; expected_version: number }
  | { command: "registration.unlink_crm"; registration_id: string; reason: UnlinkReason }
  | { command: "partner.link_crm"; partner_id: string; org_id: number }
  | { command: "partner.unlink_crm"; partner_id: string; reason: UnlinkReason }
  | { command: "contact.link_crm"; contact_id: string; person_id: number }
  | { command: "contact.unlink_crm"; contact_id: string; reason: UnlinkReason };

/** Why a record does not stand for an aggregate any more. Never says anything about the sale, or the partnership. */
export type UnlinkReason = "deleted" | "merged" | "manual";

export type ProgramCommand = CommandBody & {
  idempotency_key: string;
  origin: "crm";
  actor: { kind: "sync"; id: string; label: string };
  /** Webhook or poll id that made us send it. */
  cause: string;
};

/** The neutral event envelope (schema_version 1). `data` is the full snapshot after the change. */
export interface ProgramEvent {
  event_id: string;
  type: string;
  schema_version: 1;
  tenant_id: string;
  occurred_at: string;
  aggregate: { kind: ProgramKind; id: string; version: number };
  actor: { kind: string; id: string; label: string };
  origin: "program" | "crm";
  correlation_id: string;
  causation_id: string | null;
  changed: { path: string; from: unknown; to: unknown }[];
  data: Record<string, unknown>;
}
