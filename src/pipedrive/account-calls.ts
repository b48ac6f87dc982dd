import { z } from "zod";
import type { CrmObject } from "../sync/model.ts";
import { ask, askAllPages } from "./ask.ts";
import type { Call } from "./call.ts";
import type { Pipedrive } from "./port.ts";
import type { Send } from "./transport.ts";
import { enveloped, fieldDefinition, me, optionList, pipeline, stage, user } from "./wire.ts";

type AccountCalls = Pick<
  Pipedrive,
  "field" | "fields" | "createField" | "addOptions" | "pipelines" | "stages" | "users" | "me"
>;

const PAGE = 500;

/** What an account is made of: fields, pipelines and stages (API v2), users (v1, there is no other). */
export function accountCalls(send: Send): AccountCalls {
  return {
    async field(object, key, options) {
      const path = `${fieldsPath(object)}/${encodeURIComponent(key)}`;
      const call: Call = { operation: "field", object, id: key, method: "GET", path };
      return (await ask(send, call, enveloped(fieldDefinition), options)).data;
    },
    fields(object, options) {
      const call: Call = {
        operation: "fields",
        object,
        method: "GET",
        path: fieldsPath(object),
        query: { limit: PAGE, include_fields: "required_fields" },
      };
      return askAllPages(send, call, fieldDefinition, options);
    },
    async createField(object, { name, type, options: labels }, options) {
      const body = {
        field_name: name,
        field_type: type,
        ...(labels && { options: labels.map((label) => ({ label })) }),
      };
      const call: Call = { operation: "createField", object, method: "POST", path: fieldsPath(object), body };
      return (await ask(send, call, enveloped(fieldDefinition), options)).data;
    },
    async addOptions(object, key, labels, options) {
      const path = `${fieldsPath(object)}/${encodeURIComponent(key)}/options`;
      const body = labels.map((label) => ({ label }));
      const call: Call = { operation: "addOptions", object, id: key, method: "POST", path, body };
      return (await ask(send, call, enveloped(optionList), options)).data;
    },
    pipelines(options) {
      const call: Call = { operation: "pipelines", method: "GET", path: "/api/v2/pipelines", query: { limit: PAGE } };
      return askAllPages(send, call, pipeline, options);
    },
    stages(options) {
      const call: Call = { operation: "stages", method: "GET", path: "/api/v2/stages", query: { limit: PAGE } };
      return askAllPages(send, call, stage, options);
    },
    async users(options) {
      const call: Call = { operation: "users", method: "GET", path: "/api/v1/users" };
      return (await ask(send, call, enveloped(z.array(user)), options)).data;
    },
    async me(options) {
      const call: Call = { operation: "me", method: "GET", path: "/api/v1/users/me" };
      return (await ask(send, call, enveloped(me), options)).data;
    },
  };
}

function fieldsPath(object: CrmObject): string {
  return `/api/v2/${object}Fields`;
}
