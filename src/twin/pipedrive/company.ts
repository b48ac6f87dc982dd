import type { TwinContext } from "../context.ts";
import { type Identity, identityOf } from "./identity.ts";
import {
  type CompanyInfo,
  type Field,
  type Note,
  OBJECTS,
  type ObjectName,
  type PermissionSet,
  type Pipeline,
  type Role,
  type Row,
  type Stage,
  type User,
  type Webhook,
} from "./model.ts";
import { Table } from "./table.ts";

/** What is written to the journal: a thing put in its place, or taken away. */
export type CompanyEntry = { company: string } & (
  | { info: CompanyInfo }
  | { user: User }
  | { field: Field }
  | { fieldGone: { object: ObjectName; code: string } }
  | { retired: (string | number)[] }
  | { pipeline: Pipeline }
  | { stage: Stage }
  | { permissionSet: PermissionSet }
  | { role: Role }
  | { webhook: Webhook }
  | { note: Note }
  | { noteGone: number }
  | { lastNoteId: number }
  | { object: ObjectName; row: Row }
);

type Part<E> = E extends unknown ? Omit<E, "company"> : never;

/** Where a company's changes are kept. */
interface Memory {
  append(entry: CompanyEntry): void;
  together<T>(change: () => T): T;
}

/** One account: everything it remembers. All changes of it go through `remember`. */
export class Company {
  readonly users = new Map<number, User>();
  readonly pipelines = new Map<number, Pipeline>();
  readonly stages = new Map<number, Stage>();
  /** Those made by somebody; every account has others besides. */
  readonly permissionSets = new Map<string, PermissionSet>();
  readonly roles = new Map<number, Role>();
  readonly webhooks = new Map<number, Webhook>();
  readonly notes = new Map<number, Note>();
  readonly tables: Record<ObjectName, Table> = { organization: new Table(), person: new Table(), deal: new Table() };
  readonly fields: Record<ObjectName, Map<string, Field>> = {
    organization: new Map(),
    person: new Map(),
    deal: new Map(),
  };
  /** Keys and option ids that were in use once: never given out again. */
  readonly retired = new Set<string | number>();
  readonly identity: Identity;
  info: CompanyInfo;
  private readonly memory: Memory;
  private lastNoteId = 0;

  constructor(info: CompanyInfo, seed: string, memory: Memory) {
    this.info = info;
    this.identity = identityOf(seed, info.domain);
    this.memory = memory;
  }

  get domain(): string {
    return this.info.domain;
  }

  /** Changes the memory and the journal alike. */
  remember(part: Part<CompanyEntry>): void {
    const entry = { company: this.domain, ...part } as CompanyEntry;
    this.apply(entry);
    this.memory.append(entry);
  }

  /** What is remembered inside `change` is kept as a whole or not at all. */
  together<T>(change: () => T): T {
    return this.memory.together(change);
  }

  /** Carries out an entry of the journal. */
  apply(entry: CompanyEntry): void {
    if ("info" in entry) this.info = entry.info;
    else if ("user" in entry) this.users.set(entry.user.id, entry.user);
    else if ("field" in entry) this.fields[entry.field.object].set(entry.field.field_code, entry.field);
    else if ("fieldGone" in entry) this.fields[entry.fieldGone.object].delete(entry.fieldGone.code);
    else if ("retired" in entry) for (const id of entry.retired) this.retired.add(id);
    else if ("pipeline" in entry) this.pipelines.set(entry.pipeline.id, entry.pipeline);
    else if ("stage" in entry) this.stages.set(entry.stage.id, entry.stage);
    else if ("permissionSet" in entry) this.permissionSets.set(entry.permissionSet.id, entry.permissionSet);
    else if ("role" in entry) this.roles.set(entry.role.id, entry.role);
    else if ("webhook" in entry) this.webhooks.set(entry.webhook.id, entry.webhook);
    else if ("note" in entry) this.putNote(entry.note);
    else if ("noteGone" in entry) this.notes.delete(entry.noteGone);
    else if ("lastNoteId" in entry) this.lastNoteId = entry.lastNoteId;
    else this.tables[entry.object].put(entry.row);
  }

  *snapshot(): Iterable<CompanyEntry> {
    const company = this.domain;
    yield { company, info: this.info };
    for (const user of this.users.values()) yield { company, user };
    for (const object of OBJECTS) for (const field of this.fields[object].values()) yield { company, field };
    if (this.retired.size > 0) yield { company, retired: [...this.retired] };
    for (const pipeline of this.pipelines.values()) yield { company, pipeline };
    for (const stage of this.stages.values()) yield { company, stage };
    for (const permissionSet of this.permissionSets.values()) yield { company, permissionSet };
    for (const role of this.roles.values()) yield { company, role };
    for (const webhook of this.webhooks.values()) yield { company, webhook };
    for (const note of this.notes.values()) yield { company, note };
    if (this.lastNoteId > 0) yield { company, lastNoteId: this.lastNoteId };
    for (const object of OBJECTS) for (const row of this.tables[object].all()) yield { company, object, row };
  }

  /** The id a new note gets: that of a deleted one does not come back. */
  nextNoteId(): number {
    return Math.max(this.lastNoteId + 1, this.identity.firstId("note"));
  }

  private putNote(note: Note): void {
    this.notes.set(note.id, note);
    this.lastNoteId = Math.max(this.lastNoteId, note.id);
  }

  userByEmail(email: string): User | undefined {
    return [...this.users.values()].find((user) => user.email.toLowerCase() === email.trim().toLowerCase());
  }

  /** Pipelines in their order, deleted ones left out. */
  openPipelines(): Pipeline[] {
    return [...this.pipelines.values()].filter((one) => !one.is_deleted).sort((a, b) => a.order_nr - b.order_nr);
  }

  /** Stages of a pipeline in their order, deleted ones left out. */
  openStages(pipelineId: number): Stage[] {
    const stages = [...this.stages.values()].filter((one) => one.pipeline_id === pipelineId && !one.is_deleted);
    return stages.sort((a, b) => a.order_nr - b.order_nr);
  }
}

/** All accounts of the twin, found by domain or by a user's token. */
export interface Companies {
  get(domain: string): Company | undefined;
  all(): Company[];
  add(info: CompanyInfo): Company;
  /** Who a token belongs to, while that user is active. */
  byToken(token: string): { company: Company; user: User; kind: "api_token" | "oauth" } | undefined;
}

export function createCompanies(ctx: TwinContext): Companies {
  const companies = new Map<string, Company>();
  const append = ctx.journal.store<CompanyEntry>("pipedrive", {
    apply(entry) {
      const known = companies.get(entry.company);
      if (known) known.apply(entry);
      else if ("info" in entry) companies.set(entry.company, new Company(entry.info, ctx.seed, memory));
    },
    *snapshot() {
      for (const company of companies.values()) yield* company.snapshot();
    },
  });
  const memory: Memory = { append, together: ctx.journal.together };

  return {
    get: (domain) => companies.get(domain),
    all: () => [...companies.values()],
    add(info) {
      const company = new Company(info, ctx.seed, memory);
      companies.set(info.domain, company);
      company.remember({ info });
      return company;
    },
    byToken(token) {
      for (const company of companies.values()) {
        for (const user of company.users.values()) {
          if (!user.active_flag || user.is_deleted) continue;
          if (user.api_token === token) return { company, user, kind: "api_token" };
          if (user.access_token === token) return { company, user, kind: "oauth" };
        }
      }
      return undefined;
    },
  };
}
