/**
 * The common form of `model.ts` to and from both wires. Pipedrive's side is read in `codec-crm.ts`, patched together
 * from webhooks in `codec-webhook.ts` and written in `codec-crm-write.ts`; the program's side is `codec-program.ts`.
 */
export { type CodecContext, crmValues } from "./codec-crm.ts";
export { type CrmWrite, type EncodeContext, encodeCrm } from "./codec-crm-write.ts";
export { encodeProgram, type ProgramContext, programValues } from "./codec-program.ts";
export { replacedValues, type WebhookValues, webhookValues } from "./codec-webhook.ts";
