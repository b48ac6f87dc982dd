import { access } from "./access.ts";
import { action } from "./action.ts";
import { audit } from "./audit.ts";
import type { CommandGroup } from "./cli.ts";
import { conflict } from "./conflict.ts";
import { connect } from "./connect.ts";
import { credentials } from "./credentials.ts";
import { fields } from "./fields.ts";
import { findings } from "./findings.ts";
import { history, why } from "./history.ts";
import { limits } from "./limits.ts";
import { link } from "./link.ts";
import { mapping } from "./mapping.ts";
import { match } from "./match.ts";
import { record } from "./record.ts";
import { replay } from "./replay.ts";
import { scopes } from "./scopes.ts";
import { sync } from "./sync.ts";
import { tenant } from "./tenant.ts";
import { twin } from "./twin.ts";
import { undo } from "./undo.ts";
import { user } from "./user.ts";
import { whoami } from "./whoami.ts";

/** Every command, a file per group, in the order of --help. */
export const COMMANDS = {
  ...{
    tenant,
    credentials,
    connect,
    fields,
    mapping,
    sync,
    record,
    findings,
    match,
    replay,
    limits,
    conflict,
    link,
    history,
    why,
    undo,
    user,
    audit,
    whoami,
    twin,
    access,
    action,
    scopes,
  },
  ...{ tenant, credentials, connect, fields, mapping, sync, record, link, findings, user, audit, whoami, twin, access },
} satisfies Record<string, CommandGroup>;
