import { expect, test } from "@jest/globals";
import { isDatabaseAway } from "../../src/store/prisma-errors.ts";

const coded = (code: string, message = "") => Object.assign(new Error(message), { code });

test.each([
  coded("ECONNREFUSED"),
  coded("P1001"),
  coded("57P01", "terminating connection due to administrator command"),
  coded("53300", "sorry, too many clients already"),
  coded("25006", "cannot execute INSERT in a read-only transaction"),
  new Error("Connection terminated unexpectedly"),
  new AggregateError([coded("ECONNREFUSED")]),
  new Error("outer", { cause: coded("08006") }),
])("the database is away: %s", (error) => {
  expect(isDatabaseAway(error)).toBe(true);
});

test.each([coded("23505"), coded("P2002"), coded("42P01"), new Error("x"), null, "ECONNREFUSED"])(
  "the question was wrong, or it is something else: %s",
  (error) => {
    expect(isDatabaseAway(error)).toBe(false);
  },
);
