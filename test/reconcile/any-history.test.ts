import { afterAll, beforeAll, expect, test } from "@jest/globals";
import type { Direction } from "../../src/sync/model.ts";
import { fc, runs } from "../support/seeded.ts";
import type { Snapshot } from "../support/twin-client.ts";
import { type Channel, openChannel, type Partner } from "./channel.ts";
import { FieldModel, type FieldRule } from "./field-model.ts";
import { type Death, everythingTold, type MortalWorkers, mortalWorkers } from "./mortal-workers.ts";

/*
 * Any history of edits on both sides, workers that die between any two of their calls, broken connections and repeated
 * webhooks, played against the real store, both twins and the workers' own code, and held against a model of a few lines.
 */

const RULES = {
  amount: { direction: "both", onConflict: "crm" },
  closeDate: { direction: "both", onConflict: "program" },
  name: { direction: "crm_to_program", onConflict: "crm" },
} as const satisfies Record<string, FieldRule>;
type Field = keyof typeof RULES;
const FIELDS = Object.keys(RULES) as Field[];

/** A round for what is due, one for what that makes due, one for each create of a registration, and some to spare. */
const MOST_ROUNDS = 8;

interface Model {
  fields: Record<Field, FieldModel>;
  /** Somebody died, or a call broke, since the last hour: leases and unknown outcomes may hold things up. */
  doubt: boolean;
  approved: number;
}

let channel: Channel;
let partner: Partner;
let rep: Snapshot;
let deal: { id: number };
let registrationId: string;
let workers: MortalWorkers;
/** Makes every edit's value its own. */
let count = 0;

beforeAll(async () => {
  channel = await openChannel({
    adjust(document) {
      for (const line of document.objects.deal.extra) {
        if (line.program === "registration.expected_close_date") line.on_conflict = "program";
      }
    },
  });
  partner = await channel.partner("Nordlicht");
  rep = await channel.rep(partner, "mara@nordlicht.example");
  const made = await channel.deal(partner, rep, "Alpha");
  deal = made.deal;
  registrationId = String(made.registration.registration_id);
  await channel.system.stopWorkers();
  workers = mortalWorkers(channel.system);
}, 90_000);
afterAll(() => channel.close());

function nextValue(field: Field): unknown {
  count += 1;
  if (field === "amount") return 1_000 + count;
  return field === "name" ? `Nordlicht ${count}` : new Date(Date.UTC(2027, 0, 1 + count)).toISOString().slice(0, 10);
}

const EDITS: Record<Field, { crm(value: unknown): Promise<unknown>; program(value: unknown): Promise<unknown> }> = {
  amount: {
    crm: (value) => channel.twin.edit("deal", { value }, deal.id),
    program: (value) => editRegistration({ amount: { value, currency: "EUR" } }),
  },
  closeDate: {
    crm: (value) => channel.twin.edit("deal", { expected_close_date: value }, deal.id),
    program: (value) => editRegistration({ expected_close_date: value }),
  },
  name: {
    crm: (name) => channel.twin.edit("organization", { name }, partner.organization.id),
    program: (name) => channel.twin.act({ action: "edit_partner", partner_id: partner.id, fields: { name } }),
  },
};

function editRegistration(fields: Record<string, unknown>) {
  return channel.twin.act({ action: "edit_registration", registration_id: registrationId, fields });
}

async function held(): Promise<Record<Field, { crm: unknown; program: unknown }>> {
  const record = await channel.twin.record("deal", deal.id);
  const organization = await channel.twin.record("organization", partner.organization.id);
  const registrations = await channel.twin.aggregates("deal_registration");
  const registration = registrations.find((one) => one.registration_id === registrationId) as Snapshot;
  const itsPartner = (await channel.twin.aggregates("partner")).find(
    (one) => one.partner_id === partner.id,
  ) as Snapshot;
  return {
    amount: { crm: record.value, program: (registration.amount as { value: number }).value },
    closeDate: { crm: record.expected_close_date, program: registration.expected_close_date },
    name: { crm: organization.name, program: itsPartner.name },
  };
}

type Command = fc.AsyncCommand<Model, object, true>;

function command(words: string, run: (model: Model) => Promise<void>, check = () => true): Command {
  return { check: async () => check(), run: (model) => run(model), toString: () => words };
}

/** Set right again and again without a new word from its source, a field would pause, as it should. */
let nameIsNew = true;

const edits = fc
  .record({ field: fc.constantFrom(...FIELDS), side: fc.constantFrom("crm" as const, "program" as const) })
  .map(({ field, side }) => {
    const setsBack = field === "name" && side === "program";
    const edit = async (model: Model) => {
      if (field === "name") nameIsNew = !setsBack;
      const value = nextValue(field);
      await EDITS[field][side](value);
      await everythingTold(channel.system);
      model.fields[field].edit(side, value);
    };
    return command(`${side} edits ${field}`, edit, () => nameIsNew || !setsBack);
  });

const death = fc.record<Death>({ call: fc.nat(11), made: fc.boolean() });
const workerRuns = fc
  .record({
    direction: fc.constantFrom<Direction>("inbound", "outbound"),
    death: fc.option(death, { nil: undefined }),
  })
  .map(({ direction, death }) =>
    command(
      `${direction} runs${death ? `, dies ${death.made ? "after" : "before"} call ${death.call}` : ""}`,
      async (model) => {
        const lived = await workers.run(direction, death);
        await everythingTold(channel.system);
        for (const field of FIELDS) model.fields[field].run(direction, model.doubt || !lived);
        model.doubt ||= !lived;
      },
    ),
  );

const troubles = fc
  .record({
    kind: fc.constantFrom("lost_answer", "reset", "status"),
    match: fc.constantFrom(
      { side: "program", method: "POST" },
      { side: "pipedrive", method: "PATCH" },
      { side: "pipedrive", method: "POST" },
      { side: "pipedrive", method: "GET" },
    ),
  })
  .map((fault) =>
    command(`the next ${fault.match.side} ${fault.match.method}: ${fault.kind}`, async (model) => {
      await channel.twin.call("POST", "/faults", fault);
      model.doubt = true;
    }),
  );

const repeats = fc.constant(
  command("the next deliveries come twice", async () => {
    await channel.twin.call("POST", "/deliveries", { meddle: { kind: "duplicate", count: 2 } });
  }),
);

const approvals = fc.constant(
  command("a registration is approved", async (model) => {
    count += 1;
    await channel.approve(await channel.register(partner, rep, `Prospect ${count}`));
    await everythingTold(channel.system);
    model.approved += 1;
  }),
);

const hours = fc.constant(
  command("an hour passes", async (model) => {
    await channel.twin.call("DELETE", "/faults");
    await workers.hourPasses();
    model.doubt = false;
  }),
);

/** What goes wrong right where it hurts: something to carry, and trouble or a death while it is carried. */
const misfortunes = fc
  .tuple(fc.oneof(edits, approvals), fc.oneof(troubles, fc.constant(null)), workerRuns, workerRuns)
  .map((steps) => {
    const given = steps.filter((step) => step !== null);
    const run = async (model: Model) => {
      for (const step of given) if (await step.check(model)) await step.run(model, {});
    };
    return command(given.join(", then "), run);
  });

const commands = fc.commands<Model, object, true>(
  [misfortunes, misfortunes, misfortunes, edits, edits, workerRuns, hours, repeats],
  { maxCommands: 10, size: "max" },
);

const OBJECTS = ["organization", "person", "deal"] as const;
const counts = () => Promise.all(OBJECTS.map(async (object) => (await channel.twin.records(object)).length));

test("any history ends with both sides as the rules say, each record made once, and then nothing is written any more", async () => {
  await fc.assert(
    fc.asyncProperty(commands, async (history) => {
      const before = await held();
      const countsBefore = await counts();
      const model: Model = {
        fields: Object.fromEntries(
          FIELDS.map((field) => [field, new FieldModel(RULES[field], before[field].crm)]),
        ) as Model["fields"],
        doubt: false,
        approved: 0,
      };
      await fc.asyncModelRun(() => ({ model, real: {} }), history);

      await channel.twin.call("DELETE", "/faults");
      await workers.untilNothingIsDue(MOST_ROUNDS);
      const after = await held();
      for (const field of FIELDS) {
        expect(after[field].program).toEqual(after[field].crm);
        expect(model.fields[field].ends()).toContainEqual(after[field].crm);
      }
      expect(await counts()).toEqual(countsBefore.map((number) => number + model.approved));
      expect(await channel.rows("select 1 from intent where state = 'open'")).toEqual([]);
      expect(await channel.rows("select 1 from lane where attempts > 0 or stopped_at is not null")).toEqual([]);
      await expectSilence();
    }),
    // What one history leaves behind is where the next begins: a failing one cannot be made smaller.
    { ...runs(12), endOnFailure: true },
  );
});

/** Asked for again, every lane finds nothing to write. */
async function expectSilence(): Promise<void> {
  const written = async () => [(await channel.twin.commands()).total, (await writesToPipedrive()).length];
  const before = await written();
  await channel.system.database.pool.query(
    "update lane set due_inbound = clock_timestamp(), due_outbound = clock_timestamp()",
  );
  await workers.untilNothingIsDue(1);
  expect(await written()).toEqual(before);
}

const writesToPipedrive = () => channel.rows("select 1 from intent where type in ('patch', 'create')");
