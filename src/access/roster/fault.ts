import type { Column } from "./columns.ts";

/** What is wrong with a roster, where, and what to do. No cell is ever quoted: they are about people. */
export interface RosterFault {
  code: RosterFaultCode;
  /** 1-based, in the file as given. */
  line: number;
  column: Column | null;
  message: string;
  hint: string;
}

/** Every code with what to do about it. */
const HINTS = {
  ROSTER_ENCODING: "save it as CSV UTF-8",
  ROSTER_TOO_LARGE: "export only the people that matter, or split them by company",
  ROSTER_EMPTY: "export it again: the first line names the columns, each further one is a person",
  ROSTER_SYNTAX:
    "export it again as CSV; cells with commas, quotes or line breaks stand in quotes, quotes inside are doubled",
  ROSTER_DELIMITER: "export it again with commas between the cells",
  ROSTER_COLUMN_MISSING: "add the column, or rename the one that holds it",
  ROSTER_COLUMN_TWICE: "keep the one that counts and rename or remove the other",
  ROSTER_ROW_LENGTH: "quote cells that contain commas, and fill in a comma for each empty cell",
  ROSTER_VALUE_MISSING: "fill it in",
  ROSTER_VALUE_INVALID: "use one of the words named",
  ROSTER_VALUE_TOO_LONG: "shorten it",
  ROSTER_DATE_INVALID: "write days as YYYY-MM-DD",
  ROSTER_DAYS_REVERSED: "correct the day that is wrong",
  ROSTER_EMAIL_INVALID: "correct the address, or leave the cell empty",
  ROSTER_ID_TWICE: "give each person an id of their own; somebody hired again keeps the old row under the old id",
  ROSTER_EMAIL_TWICE: "take the address from the one who does not have it any more, or mark that one as offboarded",
  ROSTER_MORE: "mend these first, then import it again",
} as const;
export type RosterFaultCode = keyof typeof HINTS;

export function fault(code: RosterFaultCode, line: number, column: Column | null, what: string): RosterFault {
  const place = column === null ? `line ${line}` : `line ${line}, ${column}`;
  return { code, line, column, message: `${place}: ${what}`, hint: HINTS[code] };
}
