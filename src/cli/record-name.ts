import { Argument } from "commander";
import { CRM_OBJECTS, PROGRAM_KINDS } from "../sync/model.ts";

/** The two arguments by which people name a record of Pipedrive, or an aggregate of the program. */
export const recordObject = () => new Argument("<object>").choices([...CRM_OBJECTS, ...PROGRAM_KINDS]);
export const RECORD_ID = "its id in Pipedrive; of a partner, contact or deal_registration its id in the program";
