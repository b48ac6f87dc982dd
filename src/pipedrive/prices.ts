import type { Pipedrive } from "./port.ts";

/** One method of the port is one operation; lists are priced per page. */
export type Operation = keyof Pipedrive;

/**
 * What a call of each operation costs of the company's daily allowance, in tokens. The numbers are `x-token-cost` of the
 * official OpenAPI documents; a test compares them when those are at hand.
 *
 * @see https://pipedrive.readme.io/docs/core-api-concepts-rate-limiting
 */
export const PRICES = {
  get: 1,
  create: 5,
  patch: 5,
  getMany: 10,
  listUpdated: 10,
  search: 20,
  searchField: 20,
  dealsOf: 10,
  addNote: 10, // v1
  listNotes: 20, // v1
  field: 1,
  fields: 10,
  createField: 5,
  addOptions: 5,
  pipelines: 5,
  stages: 5,
  users: 20, // v1
  me: 2, // v1
  accessUsers: 20, // v1
  accessUser: 2, // v1
  deactivateUser: 10, // v1
  permissionSets: 20, // v1
  permissionSet: 2, // v1
  permissionSetAssignments: 20, // v1
  roles: 20, // v1
  roleAssignments: 10, // v1
  userPermissions: 10, // v1
  createWebhook: 10, // v1
  listWebhooks: 10, // v1
  deleteWebhook: 6, // v1
} as const satisfies Record<Operation, number>;
