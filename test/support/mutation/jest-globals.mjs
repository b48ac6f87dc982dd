/**
 * What the pure tests use of jest, on mocha, which runs all of them in one process: a mutant then costs milliseconds
 * instead of the seconds that loading every module anew takes.
 */
import { expect } from "expect";
import { bind } from "jest-each";

const { it, describe: suite, after, afterEach, before, beforeEach } = globalThis;

const test = (title, body) => it(title, body);
test.each = bind(test, false);
const describe = (title, body) => suite(title, body);
describe.each = bind(describe, false);
const jest = { setTimeout() {} };

export { after as afterAll, afterEach, before as beforeAll, beforeEach, describe, expect, jest, test };
