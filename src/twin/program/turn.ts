import type { TwinContext } from "../context.ts";
import { aggregateId, drawId } from "./ids.ts";
import type { Actor, Aggregates, Kind, ProgramEvent } from "./model.ts";
import { idOf, type Program, type Programs } from "./state.ts";

/** Who makes a program change, and why. */
export interface Cause {
  origin: "program" | "crm";
  actor: Actor;
  /** A command's idempotency key, so that an event which beats the answer finds what asked for it. */
  causationId: string | null;
}

/**
 * Everything one command or one person's act does to a program. Each change is one version and one event; a change
 * that changes nothing is neither.
 */
export interface Turn {
  readonly program: Program;
  /** The moment of the whole turn. */
  readonly at: string;
  /** How many events it made. */
  readonly made: number;
  newId(kind: Kind, name: string): string;
  /** A new aggregate (given as version 0) becomes known to the outside. */
  create<K extends Kind>(kind: K, type: string, fresh: Aggregates[K]): Aggregates[K];
  /** @returns the snapshot after it, the given one when nothing differs */
  change<K extends Kind>(kind: K, type: string, before: Aggregates[K], patch: Partial<Aggregates[K]>): Aggregates[K];
  /** Changes what nobody outside knows: no version, no event. */
  keep<K extends Kind>(kind: K, aggregate: Aggregates[K]): Aggregates[K];
  /** An event about no aggregate. */
  ping(): ProgramEvent;
}

export type BeginTurn = (program: Program, cause: Cause) => Turn;

/** @param push called for every event after it was remembered */
export function turns(ctx: TwinContext, programs: Programs, push: (event: ProgramEvent) => void): BeginTurn {
  return (program, cause) => {
    const at = new Date(ctx.clock.now()).toISOString();
    const { tenant } = program;
    const correlationId = drawId(ctx.seed, "cor", tenant, program.events.length);
    let made = 0;

    function publish(type: string, about: Pick<ProgramEvent, "aggregate" | "changed" | "data">): ProgramEvent {
      const event: ProgramEvent = {
        event_id: drawId(ctx.seed, "evt", tenant, program.events.length),
        type,
        schema_version: 1,
        tenant_id: tenant,
        occurred_at: at,
        aggregate: about.aggregate,
        actor: cause.actor,
        origin: cause.origin,
        correlation_id: correlationId,
        causation_id: cause.causationId,
        changed: about.changed,
        data: about.data,
      };
      programs.publish(program, event);
      made += 1;
      push(event);
      return event;
    }

    function announce<K extends Kind>(kind: K, type: string, next: Aggregates[K], changed: ProgramEvent["changed"]) {
      publish(type, { aggregate: { kind, id: idOf(kind, next), version: next.version }, changed, data: next });
      return next;
    }

    return {
      program,
      at,
      get made() {
        return made;
      },
      newId: (kind, name) =>
        aggregateId(ctx.seed, tenant, kind, name, program.settings.idFormat, (id) => program.aggregates[kind].has(id)),
      create: (kind, type, fresh) =>
        announce(kind, type, { ...fresh, version: 1, updated_at: at }, differences({}, fresh)),
      change(kind, type, before, patch) {
        const changed = differences(before, { ...before, ...patch });
        if (changed.length === 0) return before;
        return announce(kind, type, { ...before, ...patch, version: before.version + 1, updated_at: at }, changed);
      },
      keep(kind, aggregate) {
        programs.keep(program, kind, aggregate);
        return aggregate;
      },
      ping: () =>
        publish("sync.ping", {
          aggregate: { kind: "sync", id: tenant, version: program.events.length + 1 },
          changed: [],
          data: { tenant_id: tenant },
        }),
    };
  };
}

/** Paths down to values and whole arrays, e.g. `review.status`, with what they were (null for nothing) and became. */
export function differences(from: object, to: object, prefix = ""): ProgramEvent["changed"] {
  const before = from as Record<string, unknown>;
  return Object.entries(to).flatMap(([name, value]: [string, unknown]) => {
    const path = `${prefix}${name}`;
    const old = before[name] ?? null;
    if (path === "version" || path === "updated_at") return [];
    if (isPlain(value)) return differences(isPlain(old) ? old : {}, value, `${path}.`);
    return JSON.stringify(old) === JSON.stringify(value) ? [] : [{ path, from: old, to: value }];
  });
}

function isPlain(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
