import { z } from "zod";
import type { App } from "../../app.ts";
import type { Actor } from "../../store/actor.ts";
import type { Access } from "../access.ts";
import type { Change } from "../on-record.ts";

/** One thing that can be asked of the admin API. Paths hang below `/api`. */
export interface Route<P extends Shape, Q extends Shape, B extends Shape, A extends z.ZodType> extends Access {
  method: "GET" | "POST" | "PUT" | "PATCH" | "DELETE";
  /** `/tenants/:tenant/findings`. */
  path: `/${string}`;
  /** Begins a list in the document: "Findings". */
  tag: string;
  summary: string;
  description?: string;
  /**
   * What it is called in the audit trail, e.g. `finding.close`: whatever changes something, or opens what people's records
   * hold, has such a name.
   */
  action?: string;
  params?: P;
  query?: Q;
  body?: B;
  answer: A;
  /** Of success; default 200. */
  status?: 200 | 201;
  /** Larger bodies than others take in, in bytes. */
  mostBodyBytes?: number;
  /** Its answer is a file of this media type; `answer` is `fileAnswer`. For what only reads. */
  file?: "application/zip" | "text/csv";
  /** The answer holds a secret that is shown this once: it is not kept for a repeated request. */
  answersSecret?: true;
  handle(call: Call<P, Q, B>): Promise<z.output<A>>;
}

/** What a route answers as a file: its name for whoever saves it, and its bytes, or its text as it is being made. */
export const fileAnswer = z.custom<{ name: string; bytes: Uint8Array | AsyncIterable<string> }>();

type Shape = z.ZodType | undefined;
type Read<S extends Shape> = S extends z.ZodType ? z.output<S> : undefined;

/** A request as its handler sees it: all of it was checked. */
export interface Call<P extends Shape = Shape, Q extends Shape = Shape, B extends Shape = Shape> {
  app: App;
  actor: Actor;
  params: Read<P>;
  query: Read<Q>;
  body: Read<B>;
  /** For the audit trail: what it was done to, and how that was before and is after. Neither secrets nor records' values. */
  changed(what: Change): void;
}

/** Of whatever shapes: what a list holds. */
// biome-ignore lint/suspicious/noExplicitAny: handlers take what their own shapes say, which a list cannot
export type AnyRoute = Route<any, any, any, any>;

/** A route as it is written down: its handler is typed by its shapes. */
export function route<
  A extends z.ZodType,
  P extends Shape = undefined,
  Q extends Shape = undefined,
  B extends Shape = undefined,
>(definition: Route<P, Q, B, A>): AnyRoute {
  return definition;
}
