import type { TwinContext } from "../context.ts";
import {
  type Aggregate,
  type Aggregates,
  type CommandRecord,
  type Finding,
  KINDS,
  type Kind,
  type ProgramEvent,
  type Settings,
} from "./model.ts";

/** One tenant's partner program. Aggregates are replaced, never changed in place, so that events can share them. */
export interface Program {
  readonly tenant: string;
  settings: Settings;
  readonly aggregates: { [K in Kind]: Map<string, Aggregates[K]> };
  /** The feed: an event's place in it is its cursor. */
  readonly events: ProgramEvent[];
  readonly commands: CommandRecord[];
  /** Idempotency keys with their first answer. */
  readonly answers: Map<string, CommandRecord>;
  readonly findings: Finding[];
}

type Entry = { tenant: string } & (
  | { settings: Settings }
  | { event: ProgramEvent }
  | { kind: Kind; aggregate: Aggregate }
  | { command: CommandRecord }
  | { finding: Finding }
);

export interface Programs {
  get(tenant: string): Program | undefined;
  all(): Program[];
  setUp(tenant: string, settings: Settings): Program;
  /** Adds an event to the feed; its snapshot becomes the aggregate. */
  publish(program: Program, event: ProgramEvent): void;
  /** Keeps what does not leave the program (yet). */
  keep<K extends Kind>(program: Program, kind: K, aggregate: Aggregates[K]): void;
  record(program: Program, command: CommandRecord): void;
  find(program: Program, finding: Finding): void;
}

export function idOf(kind: Kind, aggregate: Aggregate): string {
  if (kind === "partner" && "enrolled_at" in aggregate) return aggregate.partner_id;
  if (kind === "contact" && "partner_user_id" in aggregate) return aggregate.partner_user_id;
  if (kind === "deal_registration" && "registration_id" in aggregate) return aggregate.registration_id;
  throw new TypeError(`this is no ${kind}`);
}

/** All tenants' programs, remembered in the twin's journal. To be made before the journal is replayed. */
export function createPrograms(ctx: Pick<TwinContext, "journal">): Programs {
  const programs = new Map<string, Program>();

  function store(program: Program, kind: Kind, aggregate: Aggregate): void {
    const map = program.aggregates[kind] as Map<string, Aggregate>;
    map.set(idOf(kind, aggregate), aggregate);
  }

  function apply(entry: Entry): void {
    if ("settings" in entry) {
      const known = programs.get(entry.tenant);
      if (known) known.settings = entry.settings;
      else programs.set(entry.tenant, emptyProgram(entry.tenant, entry.settings));
      return;
    }
    const program = programs.get(entry.tenant);
    if (!program) throw new Error(`the journal speaks of tenant ${entry.tenant} before it was set up`);
    if ("event" in entry) {
      program.events.push(entry.event);
      const { kind } = entry.event.aggregate;
      if (kind !== "sync") store(program, kind, entry.event.data as Aggregate);
    } else if ("aggregate" in entry) store(program, entry.kind, entry.aggregate);
    else if ("command" in entry) {
      program.commands.push(entry.command);
      if (entry.command.outcome !== "repeated") program.answers.set(entry.command.idempotency_key, entry.command);
    } else program.findings.push(entry.finding);
  }

  const append = ctx.journal.store<Entry>("program", {
    apply,
    *snapshot() {
      for (const program of programs.values()) yield* rebuild(program);
    },
  });

  function remember(entry: Entry): void {
    apply(entry);
    append(entry);
  }

  return {
    get: (tenant) => programs.get(tenant),
    all: () => [...programs.values()],
    setUp(tenant, settings) {
      remember({ tenant, settings });
      return programs.get(tenant) as Program;
    },
    publish: ({ tenant }, event) => remember({ tenant, event }),
    keep: ({ tenant }, kind, aggregate) => remember({ tenant, kind, aggregate }),
    record: ({ tenant }, command) => remember({ tenant, command }),
    find: ({ tenant }, finding) => remember({ tenant, finding }),
  };
}

function emptyProgram(tenant: string, settings: Settings): Program {
  return {
    tenant,
    settings,
    aggregates: { partner: new Map(), contact: new Map(), deal_registration: new Map() },
    events: [],
    commands: [],
    answers: new Map(),
    findings: [],
  };
}

function* rebuild(program: Program): Generator<Entry> {
  const { tenant } = program;
  yield { tenant, settings: program.settings };
  for (const event of program.events) yield { tenant, event };
  // After the events, which hold older snapshots of the same aggregates.
  for (const kind of KINDS) {
    for (const aggregate of program.aggregates[kind].values()) yield { tenant, kind, aggregate };
  }
  for (const command of program.commands) yield { tenant, command };
  for (const finding of program.findings) yield { tenant, finding };
}
