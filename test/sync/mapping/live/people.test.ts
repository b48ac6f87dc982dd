import { describe } from "@jest/globals";
import { type Case, reportsEach } from "../live-account.ts";

const people: Case[] = [
  [
    "OWNER_UNKNOWN",
    "a mistyped address",
    (_, { rules }) => {
      rules.owner.fallback_email = "chanel-desk@harbourline.example";
    },
    ["OWNER_UNKNOWN $.rules.owner.fallback_email"],
  ],
  [
    "OWNER_INACTIVE",
    "a deactivated owner",
    ({ users }) => {
      users[1]!.active_flag = false;
    },
    ["OWNER_INACTIVE $.rules.owner.fallback_email"],
  ],
  [
    "SERVICE_USER_NOT_FOUND",
    "nobody of this address",
    (_, { pipedrive }) => {
      pipedrive.service_user_email = "nobody@harbourline.example";
    },
    ["SERVICE_USER_NOT_FOUND $.pipedrive.service_user_email"],
  ],
  [
    "SERVICE_USER_INACTIVE",
    "a deactivated service user",
    ({ users }) => {
      users[0]!.is_deleted = true;
    },
    ["SERVICE_USER_INACTIVE $.pipedrive.service_user_email"],
  ],
  [
    "SERVICE_USER_NOT_ADMIN",
    "a regular user",
    ({ users }) => {
      users[0]!.access = [{ app: "campaigns", admin: true }];
    },
    ["SERVICE_USER_NOT_ADMIN $.pipedrive.service_user_email"],
  ],
  [
    "TOKEN_OF_OTHER_USER",
    "a colleague's token",
    ({ users, me }) => {
      Object.assign(me, users[2]);
    },
    ["TOKEN_OF_OTHER_USER $.pipedrive.service_user_email"],
  ],
];

describe("people who are not as the document says", () => reportsEach(people));
