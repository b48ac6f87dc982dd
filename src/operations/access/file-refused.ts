import { InputError } from "../../errors.ts";

/** What is wrong with a file of an access review, as refusals of files are told. Never quotes a cell. */
export interface FileFinding {
  code: string;
  severity: "error";
  /** `line 12, work_email` of a roster; a JSON path of a policy. */
  path: string;
  message: string;
  hint: string;
}

/** A roster or policy that was not taken in, with every fault. */
export class AccessFileRefusedError extends InputError {
  override name = "AccessFileRefusedError";
  readonly findings: FileFinding[];
  constructor(what: "roster" | "policy", findings: FileFinding[]) {
    const [first] = findings;
    const count = `${findings.length} ${findings.length === 1 ? "fault" : "faults"}`;
    const message = `the ${what} was not taken in: ${count}, the first: ${first?.message ?? ""}`;
    super(first?.code ?? "FILE_REFUSED", message, first?.path, first?.hint);
    this.findings = findings;
  }
}
