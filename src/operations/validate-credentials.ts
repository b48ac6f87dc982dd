import type { App } from "../app.ts";
import { ConnectionError, InputError } from "../errors.ts";
import { createPipedriveClient, type Spend } from "../pipedrive/client.ts";
import { withPatience } from "../pipedrive/patience.ts";
import type { Pipedrive } from "../pipedrive/port.ts";
import { createTokenWindow } from "../pipedrive/token-window.ts";
import type { Environment } from "../store/connection-rows.ts";
import { CRM_OBJECTS } from "../sync/model.ts";
import { remoteAddress } from "./address.ts";
import { connectedPipedrive } from "./connected-pipedrive.ts";
import { attempt, type Check, notProven } from "./credential-checks.ts";
import { during } from "./during.ts";
import { type MadeRecord, tryTestRecords } from "./test-records.ts";

export interface ValidateCredentials {
  tenantId: string;
  /** Of credentials that are not connected yet; absent: the tenant's connection is looked at. */
  given?: { baseUrl: string; environment: Environment; token: string } | undefined;
  /** Makes three marked records, and changes each of them and back. They stay: deleting them is the customer's to do. */
  withTestRecords: boolean;
}

export interface CredentialsReport {
  tenantId: string;
  baseUrl: string;
  user: { id: number; name: string; email: string } | null;
  company: { id: number; name: string; domain: string } | null;
  /** What was seen and what was not: of the latter nothing is said to be in order. */
  checks: Check[];
  /** As the answers' headers told them; null where they did not. */
  limits: { dailyTokens: number | null; dailyLeft: number | null; perTwoSeconds: number | null };
  testRecords: MadeRecord[];
  /** What all of it cost. */
  tokens: number;
}

const WHY = { purpose: "setup" };

/**
 * Finds out what a Pipedrive token may do, before anything is built on it: whose it is, an administrator's or not, and
 * whether that user can read, create and edit organizations, persons and deals. Needs neither mapping nor fields. At most
 * 42 tokens; with test records 45 more.
 *
 * @throws InputError UNKNOWN_TENANT, NOT_CONNECTED, or what `address.ts` finds wrong with an address; ParkedError or
 *   NoEffectError when it cannot even be found out whether the token works
 */
export async function validateCredentials(app: App, wish: ValidateCredentials): Promise<CredentialsReport> {
  const { baseUrl, token, book } = await credentials(app, wish);
  const seen = { tokens: 0, headers: {} as Spend["headers"] };
  const pipedrive = createPipedriveClient({
    baseUrl,
    token,
    timeoutMs: app.config.timings.callTimeoutMs,
    window: createTokenWindow({ capacity: app.config.burstTokens }),
    onSpend(spend) {
      seen.tokens += spend.tokens;
      Object.assign(seen.headers, spend.headers);
      book(spend);
    },
  });
  const report = await look(pipedrive, baseUrl, wish);
  const { dailyLimit = null, dailyRemaining = null, burstLimit = null } = seen.headers;
  const limits = { dailyTokens: dailyLimit, dailyLeft: dailyRemaining, perTwoSeconds: burstLimit };
  return { tenantId: wish.tenantId, baseUrl, ...report, limits, tokens: seen.tokens };
}

async function credentials(app: App, { tenantId, given }: ValidateCredentials) {
  if (given) {
    await app.tenants.known(tenantId);
    // The connection that a ledger books on does not exist yet.
    return { baseUrl: remoteAddress(given.baseUrl, given.environment), token: given.token, book() {} };
  }
  const { connection } = await connectedPipedrive(app, tenantId);
  const { token } = await app.connections.pipedriveSecrets(connection.id);
  const book = ({ purpose, operation, tokens }: Spend) =>
    app.spend.record(connection.id, tenantId, { purpose, operation, tokens });
  return { baseUrl: connection.baseUrl, token, book };
}

type Look = Pick<CredentialsReport, "user" | "company" | "checks" | "testRecords">;

async function look(pipedrive: Pipedrive, baseUrl: string, { withTestRecords }: ValidateCredentials): Promise<Look> {
  const asked = await whose(pipedrive, baseUrl);
  if ("failed" in asked) return { user: null, company: null, checks: [asked.failed, ...REST], testRecords: [] };
  const { me } = asked;
  const checks: Check[] = [
    { about: "token", state: "ok", detail: "Pipedrive accepts it." },
    companyCheck(baseUrl, me.company_domain),
    adminCheck(me.access),
    ...(await readChecks(pipedrive)),
  ];
  const tried = withTestRecords ? await tryTestRecords(pipedrive) : { checks: untried(), records: [] };
  checks.push(...tried.checks, await fieldRights(pipedrive, me.id));
  const { id, name, email } = me;
  const company = { id: me.company_id, name: me.company_name, domain: me.company_domain };
  return { user: { id, name, email }, company, checks, testRecords: tried.records };
}

async function whose(
  pipedrive: Pipedrive,
  baseUrl: string,
): Promise<{ me: Awaited<ReturnType<Pipedrive["me"]>> } | { failed: Check }> {
  try {
    const doing = {
      what: "looking up the token's user at",
      baseUrl,
      hint: "see that the address is the company's own",
    };
    return {
      me: await during(
        doing,
        withPatience(() => pipedrive.me(WHY)),
      ),
    };
  } catch (error) {
    const isAnswer = error instanceof ConnectionError || error instanceof InputError;
    if (!isAnswer) throw error;
    return { failed: { about: "token", state: "failed", detail: error.message } };
  }
}

/** Of an account under Pipedrive's own domain the address names the company; of any other nothing can be told. */
function companyCheck(baseUrl: string, domain: string): Check {
  const named = /^([a-z0-9-]+)\.pipedrive\.com$/.exec(new URL(baseUrl).hostname)?.[1];
  if (named === undefined || named === "api" || named === domain) {
    return { about: "company", state: "ok", detail: `The token is of the company ${domain}.` };
  }
  return {
    about: "company",
    state: "failed",
    detail: `The address is of the company ${named}, the token of ${domain}: one of them is the wrong one.`,
  };
}

function adminCheck(access: { app: string; admin: boolean }[] | undefined): Check {
  if (!access) return notProven("admin", "Pipedrive does not say what the user may do.");
  if (access.some(({ app, admin }) => admin && (app === "sales" || app === "global"))) {
    return { about: "admin", state: "ok", detail: "The user is an administrator." };
  }
  const detail = "The user is not an administrator: fields may be hidden from it or locked. Admin rights avoid that.";
  return { about: "admin", state: "warning", detail };
}

async function readChecks(pipedrive: Pipedrive): Promise<Check[]> {
  const checks: Check[] = [];
  for (const object of CRM_OBJECTS) {
    const about = `read ${object}`;
    const tried = await attempt(about, () => pipedrive.listUpdated(object, new Date(0), { limit: 1 }, WHY));
    if ("check" in tried) checks.push(tried.check);
    else if (tried.value.records.length > 0) checks.push({ about, state: "ok", detail: "A record was read." });
    else checks.push(notProven(about, "The list was answered, but shows the user no record."));
  }
  return checks;
}

const WRITES = ["create", "edit"].flatMap((act) => CRM_OBJECTS.map((object) => `${act} ${object}`));
const untried = () => WRITES.map((about) => notProven(about, "Not tried: --with-test-records does."));

async function fieldRights(pipedrive: Pipedrive, userId: number): Promise<Check> {
  const tried = await attempt(FIELDS, () => pipedrive.userPermissions(userId, WHY));
  if ("check" in tried) return notProven(FIELDS, "Pipedrive does not tell this user its own rights.");
  const missing = ["can_add_custom_fields", "can_edit_custom_fields"].filter((right) => !tried.value.includes(right));
  if (missing.length === 0) return { about: FIELDS, state: "ok", detail: "The user's rights say so." };
  const detail = `The user lacks ${missing.join(" and ")}: an administrator has to make the six fields by hand.`;
  return { about: FIELDS, state: "warning", detail };
}

const FIELDS = "create fields";
const REST = ["company", "admin", ...CRM_OBJECTS.map((object) => `read ${object}`), ...WRITES, FIELDS].map((about) =>
  notProven(about, "Not tried: the token does not work."),
);
