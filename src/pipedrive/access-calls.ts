import { z } from "zod";
import { ask } from "./ask.ts";
import type { Call } from "./call.ts";
import type { AccessPage, CallOptions, Pipedrive } from "./port.ts";
import type { Send } from "./transport.ts";
import {
  accessUser,
  enveloped,
  offsetPage,
  permissionSet,
  permissionSetContents,
  role,
  userOfAssignment,
} from "./wire.ts";

type AccessCalls = Pick<
  Pipedrive,
  | "accessUsers"
  | "accessUser"
  | "deactivateUser"
  | "permissionSets"
  | "permissionSet"
  | "permissionSetAssignments"
  | "roles"
  | "roleAssignments"
  | "userPermissions"
>;

const PAGE = 500;

/** Who may do what in the account (API v1, there is no other). All but users and their rights want the scope `admin`. */
export function accessCalls(send: Send): AccessCalls {
  async function page<T>(call: Call, item: z.ZodType<T>, start: number, options?: CallOptions): Promise<AccessPage<T>> {
    const query = { start, limit: PAGE };
    const { data, additional_data } = await ask(send, { ...call, query }, offsetPage(item), options);
    const items = data ?? [];
    const pagination = additional_data?.pagination;
    // Not every list is documented to say whether there is more: a full page may not be the last one.
    const more = pagination?.more_items_in_collection ?? items.length >= PAGE;
    return { items, next: more && items.length > 0 ? (pagination?.next_start ?? start + items.length) : null };
  }

  return {
    async accessUsers(options) {
      const call: Call = { operation: "accessUsers", method: "GET", path: "/api/v1/users" };
      return (await ask(send, call, enveloped(z.array(accessUser)), options)).data;
    },
    async accessUser(id, options) {
      const call: Call = { operation: "accessUser", id, method: "GET", path: `/api/v1/users/${id}` };
      return (await ask(send, call, enveloped(accessUser), options)).data;
    },
    async deactivateUser(id, options) {
      const body = { active_flag: false };
      const call: Call = { operation: "deactivateUser", id, method: "PUT", path: `/api/v1/users/${id}`, body };
      return (await ask(send, call, enveloped(accessUser), options)).data;
    },
    async permissionSets(options) {
      const call: Call = { operation: "permissionSets", method: "GET", path: "/api/v1/permissionSets" };
      return (await ask(send, call, enveloped(z.array(permissionSet)), options)).data;
    },
    async permissionSet(id, options) {
      const call: Call = { operation: "permissionSet", id, method: "GET", path: setPath(id) };
      return (await ask(send, call, enveloped(permissionSetContents), options)).data;
    },
    permissionSetAssignments(id, start, options) {
      const path = `${setPath(id)}/assignments`;
      return page({ operation: "permissionSetAssignments", id, method: "GET", path }, userOfAssignment, start, options);
    },
    roles(start, options) {
      return page({ operation: "roles", method: "GET", path: "/api/v1/roles" }, role, start, options);
    },
    roleAssignments(id, start, options) {
      const path = `/api/v1/roles/${id}/assignments`;
      return page({ operation: "roleAssignments", id, method: "GET", path }, userOfAssignment, start, options);
    },
    async userPermissions(id, options) {
      const path = `/api/v1/users/${id}/permissions`;
      const call: Call = { operation: "userPermissions", id, method: "GET", path };
      const { data } = await ask(send, call, enveloped(z.record(z.string(), z.unknown())), options);
      return Object.keys(data)
        .filter((name) => data[name] === true)
        .sort();
    },
  };
}

function setPath(id: string): string {
  return `/api/v1/permissionSets/${encodeURIComponent(id)}`;
}
