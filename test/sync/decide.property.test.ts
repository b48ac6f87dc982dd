import { isDeepStrictEqual } from "node:util";
import { describe, expect, test } from "@jest/globals";
import { isEmpty, isUnmapped, sameValue } from "../../src/sync/canonical.ts";
import { decide } from "../../src/sync/decide.ts";
import type { Value } from "../../src/sync/model.ts";
import { fc, runs } from "../support/seeded.ts";
import {
  arbitraryFields,
  arbitraryMortalSteps,
  arbitrarySteps,
  type SimulatedField,
  type Step,
  sameOrRewritten,
  World,
} from "./simulated-sides.ts";

/** On failure fast-check prints the seed and path that repeat it. */
const RUNS = runs(500);
const MINUTE = 60_000;

type Edit = { side: "crm" | "program"; field: SimulatedField; value: Value };

/** Plays the steps far enough apart that the guard against rewriters has no say. */
function play(fields: SimulatedField[], seeds: number[], steps: Step[]): { world: World; edits: Edit[] } {
  const world = new World(fields, seeds);
  const edits: Edit[] = [];
  for (const step of steps) {
    world.tick(11 * MINUTE);
    if (step.do === "edit") edits.push({ side: step.side, ...world.edit(step.side, step.field, step.value) });
    else world.reconcile(step.do, step.only, step.dies);
  }
  world.tick(11 * MINUTE);
  return { world, edits };
}

function settle(world: World): void {
  world.reconcile("inbound");
  world.reconcile("outbound");
}

const seeds = fc.array(fc.nat(99), { minLength: 10, maxLength: 10 });
const story = fc.tuple(arbitraryFields, seeds, arbitrarySteps);
const mortalStory = fc.tuple(arbitraryFields, seeds, arbitraryMortalSteps);

/** Fields about which a person was told; they stand still until somebody mends them. */
const told = (world: World) => {
  const { findings, undecided } = world.decide();
  return new Set([...findings, ...undecided].map(({ field }) => field));
};

describe("whatever people do on either side", () => {
  test("one round after the last edit everything is quiet", () => {
    fc.assert(
      fc.property(story, ([fields, seeds, steps]) => {
        const { world } = play(fields, seeds, steps);
        settle(world);
        expect(world.decide()).toMatchObject({ outbound: [], inbound: [], agreed: {}, conflicts: [] });
      }),
      RUNS,
    );
  });

  test("the sides agree under each field's rule", () => {
    fc.assert(
      fc.property(story, ([fields, seeds, steps]) => {
        const { world } = play(fields, seeds, steps);
        settle(world);
        const open = told(world);
        for (const field of fields.filter(({ plan }) => !open.has(plan.field))) {
          const { plan } = field;
          const [c, p] = [world.crm[plan.field] ?? null, world.program[plan.field] ?? null];
          if (plan.write === "on_create" && plan.direction !== "crm_to_program") continue;
          const filled = plan.write === "if_empty" && plan.direction === "program_to_crm" && !isEmpty(plan.type, c);
          expect(filled || sameOrRewritten(field, c, p)).toBe(true);
        }
      }),
      RUNS,
    );
  });

  test("at most one write is made per edit and field", () => {
    fc.assert(
      fc.property(story, ([fields, seeds, steps]) => {
        const { world, edits } = play(fields, seeds, steps);
        settle(world);
        expect(world.writes).toBeLessThanOrEqual(edits.length + fields.length);
      }),
      RUNS,
    );
  });

  test("no write answers its own echo", () => {
    fc.assert(
      fc.property(story, ([fields, seeds, steps]) => {
        const { world } = play(fields, seeds, steps);
        for (const direction of ["inbound", "outbound"] as const) {
          const written = world.decide()[direction].map((write) => write.field);
          world.reconcile(direction);
          const { inbound, outbound } = world.decide();
          for (const write of [...inbound, ...outbound]) expect(written).not.toContain(write.field);
        }
      }),
      RUNS,
    );
  });

  test("no word is lost: it stands, was carried over, or is on record", () => {
    fc.assert(
      fc.property(story, ([fields, seeds, steps]) => {
        const { world, edits } = play(fields, seeds, steps);
        settle(world);
        for (const side of ["crm", "program"] as const) {
          const other = side === "crm" ? "program" : "crm";
          for (const field of fields.filter(
            ({ plan }) => plan.write === "always" || plan.direction === "crm_to_program",
          )) {
            const { field: name, type } = field.plan;
            const last = edits.findLast((edit) => edit.side === side && edit.field === field);
            if (!last || isEmpty(type, last.value)) continue;
            const now = world[side][name] ?? null;
            const stands = Array.isArray(last.value)
              ? last.value.every((one) => Array.isArray(now) && now.includes(one))
              : sameValue(type, now, last.value);
            const carried = (world.held[other][name] ?? []).some((value) =>
              side === "crm" ? sameOrRewritten(field, last.value, value) : sameOrRewritten(field, value, last.value),
            );
            const recorded = world.conflicts.some(
              (lost) => lost.field === name && sameValue(type, lost[side], last.value),
            );
            expect(stands || carried || recorded).toBe(true);
          }
        }
      }),
      RUNS,
    );
  });

  test("nothing is written that the other side means already", () => {
    fc.assert(
      fc.property(story, ([fields, seeds, steps]) => {
        const { world } = play(fields, seeds, steps);
        const { inbound, outbound } = world.decide();
        const means = (side: "crm" | "program", field: string, value: Value) =>
          sameValue(world.fieldOf(field).plan.type, world[side][field] ?? null, value);
        for (const write of inbound) expect(means("program", write.field, write.value)).toBe(false);
        for (const write of outbound) expect(means("crm", write.field, write.value)).toBe(false);
      }),
      RUNS,
    );
  });

  test("one at a time, each edit of a two-way field stands and nobody loses a word", () => {
    fc.assert(
      fc.property(story, ([fields, seeds, steps]) => {
        const world = new World(fields, seeds);
        settle(world);
        for (const step of steps) {
          if (step.do !== "edit") continue;
          world.tick(11 * MINUTE);
          const open = told(world);
          const recorded = world.conflicts.length;
          const { field, value } = world.edit(step.side, step.field, step.value);
          settle(world);
          const { field: name, direction, write } = field.plan;
          if (open.has(name) || direction !== "both" || write !== "always") continue;
          expect(world[step.side][name]).toEqual(value);
          expect(world.conflicts).toHaveLength(recorded);
        }
      }),
      RUNS,
    );
  });

  test("one-way fields never travel the wrong way", () => {
    fc.assert(
      fc.property(story, ([fields, seeds, steps]) => {
        const { world } = play(fields, seeds, steps);
        const { inbound, outbound } = world.decide();
        for (const write of inbound) expect(world.fieldOf(write.field).plan.direction).not.toBe("program_to_crm");
        for (const write of outbound) expect(world.fieldOf(write.field).plan.direction).not.toBe("crm_to_program");
      }),
      RUNS,
    );
  });

  test("what the mapping cannot express never travels", () => {
    fc.assert(
      fc.property(story, ([fields, seeds, steps]) => {
        const { inbound, outbound } = play(fields, seeds, steps).world.decide();
        for (const write of [...inbound, ...outbound]) expect(isUnmapped(write.value)).toBe(false);
      }),
      RUNS,
    );
  });
});

describe("whenever a worker dies between a write and remembering it", () => {
  test("one round later everything is quiet, and what agrees stays so", () => {
    fc.assert(
      fc.property(mortalStory, ([fields, seeds, steps]) => {
        const { world } = play(fields, seeds, steps);
        settle(world);
        settle(world); // the other direction's unknown outcome may only be known after this one has decided
        expect(world.decide()).toMatchObject({ outbound: [], inbound: [], agreed: {}, conflicts: [] });
      }),
      RUNS,
    );
  });

  test("each death costs at most one write more", () => {
    fc.assert(
      fc.property(mortalStory, ([fields, seeds, steps]) => {
        const { world, edits } = play(fields, seeds, steps);
        settle(world);
        settle(world);
        expect(world.writes).toBeLessThanOrEqual(edits.length + fields.length + world.deaths);
      }),
      RUNS,
    );
  });
});

describe("each rule of a mapping is kept", () => {
  /** Every decision on the way, with what it was made of. */
  function* decisions(world: World, steps: Step[]) {
    for (const step of steps) {
      world.tick(11 * MINUTE);
      if (step.do === "edit") world.edit(step.side, step.field, step.value);
      else world.reconcile(step.do, step.only, step.dies);
      yield world.decide();
    }
  }

  test("of two words said in ignorance of each other, the one that on_conflict names stands", () => {
    fc.assert(
      fc.property(story, fc.nat(99), fc.nat(99), fc.boolean(), ([fields, seeds, steps], one, other, crmFirst) => {
        const { world } = play(fields, seeds, steps);
        settle(world);
        const open = told(world);
        const said = fields.map((_, i) => {
          const edit = (side: "crm" | "program") => {
            world.tick(MINUTE);
            return world.edit(side, i, side === "crm" ? one : other).value;
          };
          const before = { ...world.bases[fields[i]?.plan.field ?? ""] };
          const first = edit(crmFirst ? "crm" : "program");
          const second = edit(crmFirst ? "program" : "crm");
          return crmFirst ? { before, crm: first, program: second } : { before, crm: second, program: first };
        });
        const findings = told(world);
        settle(world);
        for (const [i, field] of fields.entries()) {
          const { field: name, type, direction, write, onConflict } = field.plan;
          const { before, crm, program } = said[i] as (typeof said)[number];
          if (open.has(name) || direction !== "both" || write !== "always" || name === "partner.status") continue;
          if (sameValue(type, crm, program) || isUnmapped(crm) || isUnmapped(program)) continue;
          const changed = {
            crm: !isDeepStrictEqual(crm, before.crm),
            program: !isDeepStrictEqual(program, before.program),
          };
          if (!changed.crm || !changed.program) continue;
          if (onConflict === "manual") {
            expect(findings).toContain(name);
            expect([world.crm[name], world.program[name]]).toEqual([crm, program]);
            continue;
          }
          const winner = onConflict === "newest" ? (crmFirst ? "program" : "crm") : onConflict;
          expect(world[winner][name]).toEqual(winner === "crm" ? crm : program);
          const loses = winner === "crm" ? program : crm;
          const recorded = world.conflicts.filter((conflict) => conflict.field === name && conflict.winner === winner);
          if (!isEmpty(type, loses)) expect(recorded.length).toBeGreaterThan(0);
        }
      }),
      RUNS,
    );
  });

  test("write rules: if_empty fills only what is empty, on_create says nothing later, restore_once happens once", () => {
    fc.assert(
      fc.property(mortalStory, ([fields, seeds, steps]) => {
        const world = new World(fields, seeds);
        for (const decision of decisions(world, steps)) {
          for (const { field, rule } of decision.outbound) {
            const { plan } = world.fieldOf(field);
            const empty = isEmpty(plan.type, world.crm[field] ?? null);
            if (plan.write === "if_empty" && plan.direction === "program_to_crm") expect(empty).toBe(true);
            if (plan.write === "on_create") throw new Error(`${field} was written after its creation (${rule})`);
            if (plan.write === "restore_once") expect([empty, world.restored.includes(field)]).toEqual([true, false]);
          }
        }
      }),
      RUNS,
    );
  });
});

describe("a decision", () => {
  test("is the same when made again, and leaves its input alone", () => {
    fc.assert(
      fc.property(story, ([fields, seeds, steps]) => {
        const input = play(fields, seeds, steps).world.input();
        const before = structuredClone(input);
        const decision = decide(input);
        expect(input).toEqual(before);
        expect(decide(before)).toEqual(decision);
      }),
      RUNS,
    );
  });

  test("about a field does not depend on the others", () => {
    fc.assert(
      fc.property(story, fc.array(fc.boolean(), { minLength: 5, maxLength: 5 }), ([fields, seeds, steps], hidden) => {
        const { world } = play(fields, seeds, steps);
        const crm = Object.fromEntries(Object.entries(world.crm).filter((_, i) => !hidden[i]));
        const whole = decide(world.input({ crm }));
        const parts = fields.map(({ plan }) => decide(world.input({ crm, plan: [plan] })));
        expect(whole).toEqual({
          outbound: parts.flatMap((part) => part.outbound),
          inbound: parts.flatMap((part) => part.inbound),
          agreed: Object.assign({}, ...parts.map((part) => part.agreed)),
          conflicts: parts.flatMap((part) => part.conflicts),
          undecided: parts.flatMap((part) => part.undecided),
          findings: parts.flatMap((part) => part.findings),
        });
      }),
      RUNS,
    );
  });

  test("says nothing about a field it cannot see on both sides", () => {
    fc.assert(
      fc.property(story, ([fields, seeds, steps]) => {
        const { world } = play(fields, seeds, steps);
        const nothing = { outbound: [], inbound: [], agreed: {}, conflicts: [], undecided: [], findings: [] };
        expect(decide(world.input({ crm: {} }))).toEqual(nothing);
        expect(decide(world.input({ program: {} }))).toEqual(nothing);
      }),
      RUNS,
    );
  });
});

test("against an automation that undoes every write, a field is written twice in ten minutes and no more", () => {
  fc.assert(
    fc.property(
      arbitraryFields,
      fc.array(fc.nat(99), { minLength: 10, maxLength: 10 }),
      fc.nat(99),
      (fields, seeds, undo) => {
        for (const [direction, side] of [["outbound", "crm"] as const, ["inbound", "program"] as const]) {
          const world = new World(fields, seeds);
          for (let round = 0; round < 12; round++) {
            world.tick(MINUTE / 2);
            world.reconcile(direction);
            for (const i of fields.keys()) world.edit(side, i, undo);
          }
          for (const { plan } of fields) {
            expect(world.recent.filter((write) => write.field === plan.field).length).toBeLessThanOrEqual(2);
          }
        }
      },
    ),
    RUNS,
  );
});
