import { isAdditive } from "../../src/sync/agreement.ts";
import { canonical } from "../../src/sync/canonical.ts";
import {
  agreePair,
  agrees,
  type Conflict,
  type DecideInput,
  type Decision,
  decide,
  type FieldWrite,
} from "../../src/sync/decide.ts";
import type { BasePair, Direction, FieldPlan, FieldType, Money, Value, Values } from "../../src/sync/model.ts";
import { fc } from "../support/seeded.ts";

/** How a side rewrites what it is given, as real ones do: some of it means the same afterwards, some does not. */
type Normaliser = (value: Value) => Value;

const onText =
  (form: (text: string) => string): Normaliser =>
  (value) =>
    typeof value === "string" ? form(value) || null : value;
const onAmount =
  (form: (amount: number) => string): Normaliser =>
  (value) =>
    value !== null && typeof value === "object" && "amount" in value
      ? { ...value, amount: form(Number(value.amount)) }
      : value;

const as: Normaliser = (value) => value;
const TEXT = [as, onText((t) => t.trim()), onText((t) => t.slice(0, 4)), onText((t) => t.toUpperCase())];
const PHONE = [
  as,
  onText((t) => t.replace(/\D/g, "")),
  onText((t) => `+${t.replace(/\D/g, "").replace(/(\d{2})(?=\d)/g, "$1 ")}`),
];
const MONEY = [as, onAmount((n) => n.toFixed(2)), onAmount((n) => String(Math.round(n)))];
/** Of a list, each entry. */
const EMAIL = [as, (value: Value) => (Array.isArray(value) ? value.map((one) => one.toLowerCase()) : lower(value))];
const lower = onText((t) => t.trim().toLowerCase());
const NORMALISERS: Partial<Record<FieldType, Normaliser[]>> = { text: TEXT, phone: PHONE, money: MONEY, email: EMAIL };

const eur = (amount: string): Money => ({ amount, currency: "EUR" });
const VALUES: Partial<Record<FieldType, Value[]>> = {
  text: [null, "", " ", "a", " a ", "A", "abcdefgh", "abcd", "x\u0301yz"],
  phone: [null, "+49 30 1", "49301", "0049 30 2", "(030) 77", "n/a"],
  money: [null, eur("5.4"), eur("5.40"), eur("5"), eur("7.445"), eur("0"), { amount: "5", currency: "USD" }],
  option: [null, "active", "inactive", "pending", { unmapped: 999 }],
  email: [null, "a@x.test", "A@x.test", "b@x.test", "c@x.test"],
};
const LISTS: Value[] = [null, ["a@x.test"], ["B@x.test", "a@x.test"], ["d@x.test"]];

/** One mapped field and the habits of both sides with it. */
export interface SimulatedField {
  plan: FieldPlan;
  crm: Normaliser;
  program: Normaliser;
  crmValues: Value[];
  programValues: Value[];
}

const arbitraryType = fc.constantFrom<FieldType>("text", "phone", "money", "option", "email");

const arbitraryField = (index: number): fc.Arbitrary<SimulatedField> =>
  fc
    .record({
      type: arbitraryType,
      direction: fc.constantFrom(
        "both" as const,
        "both" as const,
        "crm_to_program" as const,
        "program_to_crm" as const,
      ),
      write: fc.constantFrom(
        "always" as const,
        "always" as const,
        "if_empty" as const,
        "on_create" as const,
        "restore_once" as const,
      ),
      onConflict: fc.constantFrom("crm" as const, "program" as const, "newest" as const, "manual" as const),
      habits: fc.tuple(fc.nat(), fc.nat()),
      listed: fc.boolean(),
      name: fc.constantFrom(`f${index}`, ...(index === 0 ? ["partner.status", "allbound_id"] : [])),
    })
    .map(({ habits, name, listed, ...rest }) => {
      const type = name === "partner.status" ? "option" : name === "allbound_id" ? "text" : rest.type;
      const isList = type === "email" && listed;
      const crm = isList ? { system: "emails" } : { custom: `k${index}`, crmType: "varchar" };
      const direction = isList || rest.write === "restore_once" ? "program_to_crm" : rest.direction;
      const forms = NORMALISERS[type] ?? [as];
      const form = (habit: number) => forms[habit % forms.length] ?? as;
      const values = VALUES[type] ?? [];
      return {
        plan: { ...rest, field: name, label: name, type, crm, direction },
        crm: form(habits[0]),
        program: form(habits[1]),
        crmValues: isList ? LISTS : values,
        programValues: values,
      };
    });

export const arbitraryFields = fc
  .integer({ min: 1, max: 5 })
  .chain((count) => fc.tuple(...Array.from({ length: count }, (_, index) => arbitraryField(index))));

/**
 * What happens: a person edits a field on one side, or a worker makes all, or only the first, of its direction's writes;
 * it may die between its last write and remembering it.
 */
export type Step =
  | { do: "edit"; side: "crm" | "program"; field: number; value: number }
  | { do: "inbound" | "outbound"; only: number; dies?: boolean };

const arbitraryStep = (run: fc.Arbitrary<Step>): fc.Arbitrary<Step> =>
  fc.oneof(
    {
      weight: 3,
      arbitrary: fc.record({
        do: fc.constant("edit" as const),
        side: fc.constantFrom("crm" as const, "program" as const),
        field: fc.nat(9),
        value: fc.nat(99),
      }),
    },
    { weight: 2, arbitrary: run },
  );

const run = { do: fc.constantFrom("inbound" as const, "outbound" as const), only: fc.constantFrom(1, 99) };

export const arbitrarySteps = fc.array(arbitraryStep(fc.record(run)), { maxLength: 14 });
export const arbitraryMortalSteps = fc.array(arbitraryStep(fc.record({ ...run, dies: fc.boolean() })), {
  maxLength: 18,
});

/** Two sides and all that is remembered about them; time passes only by `tick`. */
export class World {
  readonly crm: Values = {};
  readonly program: Values = {};
  readonly bases: Record<string, BasePair> = {};
  readonly times = { crm: {} as Record<string, string>, program: {} as Record<string, string> };
  readonly restored: string[] = [];
  readonly recent: NonNullable<DecideInput["recent"]> = [];
  readonly conflicts: Conflict[] = [];
  /** Every value a side has ever held, per field: what was shown there is not lost when somebody replaces it. */
  readonly held: { crm: Record<string, Value[]>; program: Record<string, Value[]> } = { crm: {}, program: {} };
  readonly fields: SimulatedField[];
  /** Writes that were made and that nobody lived to remember, as they were written down before. */
  private unknown: { direction: Direction; write: FieldWrite; kept: Value }[] = [];
  writes = 0;
  deaths = 0;
  nowMs = Date.parse("2025-03-04T10:00:00Z");

  constructor(fields: SimulatedField[], seeds: number[]) {
    this.fields = fields;
    fields.forEach((_, i) => {
      this.edit("crm", i, seeds[2 * i] ?? 0);
      this.edit("program", i, seeds[2 * i + 1] ?? 0);
    });
  }

  /** A person enters a value; the side keeps it in its own form. */
  edit(side: "crm" | "program", index: number, value: number): { field: SimulatedField; value: Value } {
    const field = this.fields[index % this.fields.length] as SimulatedField;
    const pool = side === "crm" ? field.crmValues : field.programValues;
    this.put(side, field, pool[value % pool.length] ?? null);
    this.times[side][field.plan.field] = new Date(this.nowMs).toISOString();
    return { field, value: this[side][field.plan.field] ?? null };
  }

  put(side: "crm" | "program", field: SimulatedField, value: Value): Value {
    const name = field.plan.field;
    const kept = field[side](value);
    this[side][name] = kept;
    this.held[side][name] = [...(this.held[side][name] ?? []), kept];
    return kept;
  }

  input(more: Partial<DecideInput> = {}): DecideInput {
    const { crm, program, bases, times, restored, recent, nowMs } = this;
    return {
      plan: this.fields.map((field) => field.plan),
      bases,
      crm,
      program,
      times,
      restored,
      recent,
      nowMs,
      ...more,
    };
  }

  decide(): Decision {
    return decide(this.input());
  }

  /** One job: decides, makes up to `only` writes of its direction, settles each by its answer. */
  reconcile(direction: Direction, only = Number.POSITIVE_INFINITY, dies = false): void {
    this.recover(direction);
    const decision = this.decide();
    if (!dies) Object.assign(this.bases, decision.agreed);
    const writes = decision[direction].slice(0, only);
    for (const [i, write] of writes.entries()) {
      this.conflicts.push(...decision.conflicts.filter((conflict) => conflict.field === write.field));
      const kept = this.carryOut(direction, write);
      if (!dies || i < writes.length - 1) this.remember(direction, write, kept, true);
      else {
        this.unknown.push({ direction, write, kept });
        this.deaths++;
      }
    }
  }

  /** A PATCH of unknown outcome is looked up; a command is sent again and answered as it was the first time. */
  private recover(direction: Direction): void {
    const mine = this.unknown.filter((open) => open.direction === direction);
    this.unknown = this.unknown.filter((open) => open.direction !== direction);
    for (const { write, kept } of mine) {
      if (direction === "inbound") this.remember(direction, write, kept, true);
      else this.remember(direction, write, this.crm[write.field] ?? null, false);
    }
  }

  private carryOut(direction: Direction, write: FieldWrite): Value {
    const field = this.fieldOf(write.field);
    this.writes++;
    if (direction === "inbound") return this.put("program", field, write.value);
    return this.put("crm", field, this.added(field, write.value));
  }

  private remember(direction: Direction, write: FieldWrite, kept: Value, exact: boolean): void {
    const { plan } = this.fieldOf(write.field);
    const answers = direction === "outbound" ? ([kept, write.source] as const) : ([write.source, kept] as const);
    const base = agreePair(plan, write.value, ...answers, exact);
    if (base) this.bases[write.field] = base;
    const [to, source] = direction === "outbound" ? (["crm", "program"] as const) : (["program", "crm"] as const);
    const sourceAt = this.times[source][write.field] ?? null;
    if (base) this.recent.push({ to, field: write.field, value: write.value, atMs: this.nowMs, sourceAt });
    if (base && write.rule === "restore_once") this.restored.push(write.field);
  }

  /** Lists of e-mails grow; everything else is replaced. */
  private added(field: SimulatedField, value: Value): Value {
    if (!isAdditive(field.plan)) return value;
    return [...((this.crm[field.plan.field] as string[] | null) ?? []), String(value)];
  }

  fieldOf(name: string): SimulatedField {
    return this.fields.find((field) => field.plan.field === name) as SimulatedField;
  }

  tick(ms: number): void {
    this.nowMs += ms;
  }
}

/** True when both sides say what one of them says, as far as the other can hold it. */
export function sameOrRewritten({ plan, crm, program }: SimulatedField, c: Value, p: Value): boolean {
  const same = (a: Value, b: Value) =>
    JSON.stringify(canonical(plan.type, a)) === JSON.stringify(canonical(plan.type, b));
  const inactive =
    plan.field === "partner.status" && plan.direction !== "program_to_crm" && same(c, null) && p === "inactive";
  return agrees(plan, c, p) || same(crm(p), c) || same(program(c), p) || inactive;
}
