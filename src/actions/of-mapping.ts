import type { MappingDocument } from "../sync/mapping/document.ts";
import { CRM_OBJECTS } from "../sync/model.ts";
import { type Action, actionOf } from "./catalogue.ts";

type Needs = Pick<MappingDocument, "rules">;

/** What the connection does whatever the document says: find out whose it is, learn of changes, read the account. */
const ALWAYS = [
  "get_current_user",
  "list_users",
  "list_pipelines",
  "list_stages",
  "list_webhooks",
  "create_webhook",
  "delete_webhook",
];
const PER_OBJECT = ["list_#s", "get_#", "search_#s", "add_#", "update_#", "list_#_fields", "get_#_field"];
const NOTES = ["list_notes", "add_note"];

/**
 * The actions that keeping this document in step takes.
 *
 * @param provision the connection may also make missing fields (`fields provision`)
 */
export function actionsOfMapping({ rules }: Needs, provision: boolean): Action[] {
  const perObject = provision ? [...PER_OBJECT, "add_#_field", "update_#_field"] : PER_OBJECT;
  const names = [
    ...ALWAYS,
    ...CRM_OBJECTS.flatMap((object) => perObject.map((name) => name.replace("#", object))),
    ...(rules.on_rejected === "note" || rules.on_expired === "note" ? NOTES : []),
  ];
  return names.map(actionOf);
}
