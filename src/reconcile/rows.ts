import type { ProgramEvent } from "../partner/adapter.ts";
import type { WebhookChange } from "../pipedrive/webhook-payload.ts";
import type { CrmObject, Role, Value } from "../sync/model.ts";

/** A row that says nothing of the record or aggregate and only asks for it to be read. */
export interface ReadRequest {
  asked: string;
  /** An aggregate that a record carries the id of: they are tied together. */
  adopt?: { object: CrmObject; crmId: number };
  /** Custom fields of an unlinked record that hold somebody's old ids: they are emptied. */
  clear?: string[];
  /** A record that went into this one in Pipedrive. */
  mergedFrom?: number;
  /** Former values that a person wants back. */
  undo?: UndoOrder;
  /** Fields that stand still for a lost right: this record finds out whether it is back. */
  tries?: LostField[];
}

export interface LostField {
  role: Role;
  field: string;
}

/** Values to be put back on one side, as long as it holds what a person saw when it was planned. */
export interface UndoOrder {
  order: string;
  /** Who wants it. */
  by: string;
  side: "crm" | "program";
  fields: { role: Role; field: string; seen: Value; value: Value }[];
}

export type Row =
  | { id: number; source: "pipedrive"; deliveryKey: string; change: WebhookChange | ReadRequest }
  | { id: number; source: "program"; deliveryKey: string; event: ProgramEvent | ReadRequest };

/** What a row asks for; null when it tells of a change. */
export function requestOf(row: Row): ReadRequest | null {
  const told = row.source === "pipedrive" ? row.change : row.event;
  return "asked" in told ? told : null;
}
