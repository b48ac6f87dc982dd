import { enrolledWithTier, inactivated, secondEnrolled } from "./both-ways.ts";
import { customerMatched, dealCreated, sameCustomerTwice } from "./customers.ts";
import { activated, enrolled, oneWay, renamed } from "./partner.ts";
import { userCreated, userMatched } from "./partner-users.ts";
import {
  anotherSubmitted,
  createdOnSubmission,
  lostOnRejection,
  movedOnApproval,
  repRegistered,
} from "./reviewed-deals.ts";
import { stageMoved, valueChanged, won } from "./sale.ts";
import type { Step } from "./step.ts";

/** The vendor's acceptance script, in the order in which it is played. */
export const STEPS: readonly Step[] = [
  enrolled,
  activated,
  renamed,
  oneWay,
  userMatched,
  userCreated,
  dealCreated,
  customerMatched,
  sameCustomerTwice,
  stageMoved,
  valueChanged,
  won,
  enrolledWithTier,
  inactivated,
  secondEnrolled,
  repRegistered,
  createdOnSubmission,
  movedOnApproval,
  anotherSubmitted,
  lostOnRejection,
];
