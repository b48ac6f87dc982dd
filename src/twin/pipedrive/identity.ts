import { type Random, random } from "../random.ts";

/**
 * Where ids, keys and tokens of a company come from: the twin's seed and names, so that the same set-up gives the same
 * ones in any order, and another seed gives others.
 */
export interface Identity {
  companyId(): number;
  userId(email: string, taken: (id: number) => boolean): number;
  apiToken(email: string): string;
  accessToken(email: string): string;
  fieldCode(object: string, name: string, taken: (code: string) => boolean): string;
  optionId(fieldCode: string, label: string, taken: (id: number) => boolean): number;
  pipelineId(name: string, taken: (id: number) => boolean): number;
  stageId(pipeline: string, name: string, taken: (id: number) => boolean): number;
  roleId(name: string, taken: (id: number) => boolean): number;
  permissionSetId(app: string, name: string): string;
  /** The first id of a kind of record; the next ones count up from it. */
  firstId(kind: string): number;
  /** The id of an event, the same whenever it is asked for. */
  eventId(...labels: (string | number)[]): string;
}

export function identityOf(seed: string, domain: string): Identity {
  const drawn = (...labels: (string | number)[]): Random => random(seed, "pipedrive", domain, ...labels);

  /** Draws from one stream until something is free. */
  function free<T>(stream: Random, draw: (stream: Random) => T, taken: (value: T) => boolean): T {
    for (;;) {
      const value = draw(stream);
      if (!taken(value)) return value;
    }
  }
  const between = (min: number, max: number) => (stream: Random) => stream.int(min, max);

  return {
    companyId: () => drawn("company").int(1_000_000, 15_000_000),
    userId: (email, taken) => free(drawn("user", email), between(10_000_000, 29_000_000), taken),
    apiToken: (email) => drawn("api token", email).hex(40),
    accessToken: (email) => `v1u:${drawn("access token", email).hex(96)}`,
    fieldCode: (object, name, taken) => free(drawn("field", object, name), (stream) => stream.hex(40), taken),
    optionId: (code, label, taken) => free(drawn("option", code, label), between(11, 99_999), taken),
    pipelineId: (name, taken) => free(drawn("pipeline", name), between(1, 400), taken),
    stageId: (pipeline, name, taken) => free(drawn("stage", pipeline, name), between(1, 2_000), taken),
    roleId: (name, taken) => free(drawn("role", name), between(2, 400), taken),
    permissionSetId: (app, name) => drawn("permission set", app, name).uuid(),
    firstId: (kind) => drawn("first id", kind).int(11, 9_999),
    eventId: (...labels) => drawn("event", ...labels).uuid(),
  };
}
