import {
  ClaimLostError,
  ConnectionError,
  HeldError,
  NoEffectError,
  NotFoundError,
  ParkedError,
  RecordError,
  RefusedError,
} from "../errors.ts";
import type { CallOptions } from "../pipedrive/port.ts";
import type { CrmObject, Direction, Role } from "../sync/model.ts";
import { close } from "./acknowledge.ts";
import { countedOf, fieldsAtStake } from "./counted.ts";
import { type IntentBody, intentKey, type OpenIntent, type Round } from "./round.ts";
import type { Steps } from "./steps.ts";

export interface RemoteWrite<A> {
  type: OpenIntent["type"];
  direction: Direction;
  target: { role: Role | null; object: CrmObject | null; crmId: number | null; programId: string | null };
  body: IntentBody;
  send(call: CallOptions, key: string): Promise<A>;
}

/**
 * Written down before it is done. An unknown outcome leaves the intent open, to be looked up; a call known to have had
 * no effect closes it. Nothing is sent when the claim is lost or its lease ends too soon.
 */
export async function carryOut<A>(
  round: Round,
  steps: Steps,
  write: RemoteWrite<A>,
): Promise<{ intent: OpenIntent; answer: A }> {
  const { claim, tenant } = round;
  const key = intentKey(round, write.type, write.body.request);
  const counted = countedOf(round, write);
  const opened = await steps
    .remote(() =>
      steps.writes.openIntent(claim, {
        ...write.target,
        type: write.type,
        direction: write.direction,
        key,
        body: tenant.key.sealJson("intent.body", write.body),
        revision: tenant.plan.revision,
        counted,
      }),
    )
    .catch(async (error) => {
      if (error instanceof HeldError && counted)
        await steps.limits.hold(claim, counted.record, fieldsAtStake(round, write));
      throw error;
    });
  if (!opened)
    throw new ClaimLostError(`${claim.tenantId}: the claim on this lane is lost, or its lease ends too soon`);
  const { type, direction, target, body } = write;
  const intent: OpenIntent = {
    type,
    direction,
    ...target,
    body,
    key,
    ...opened,
    openedAt: new Date(),
    hintCrmId: null,
  };
  round.intents.push(intent);
  return { intent, answer: await sendIntent(round, intent, () => write.send(steps.call, key)) };
}

/** Errors after which a write is known not to have happened. Anything else leaves its outcome open. */
const HAD_NO_EFFECT = [NoEffectError, ParkedError, ConnectionError, RecordError, RefusedError, NotFoundError];

/** Sends what an intent says, and closes it when the call is known to have had no effect. */
export async function sendIntent<A>(
  round: Round,
  intent: OpenIntent,
  send: () => Promise<A>,
  hadNoEffect: (new (...args: never[]) => Error)[] = HAD_NO_EFFECT,
): Promise<A> {
  try {
    return await send();
  } catch (error) {
    if (hadNoEffect.some((known) => error instanceof known)) close(round, intent, "failed");
    throw error;
  }
}
