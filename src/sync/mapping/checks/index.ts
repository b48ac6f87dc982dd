import type { StaticCheck } from "../draft.ts";
import { conflictRule, directionAllowed, programFieldTwice, writeAllowed } from "./directions.ts";
import { approval, entryStage, rulesAgree, sixFields, stageTwice } from "./document.ts";
import { gapsLeft } from "./gaps.ts";
import { intakeSound } from "./intake.ts";
import { keyForm, keyReused } from "./keys.ts";
import { constants, optionsBelong, optionsComplete, optionTargets } from "./options.ts";
import { placeGiven, systemFits, typeFits } from "./places.ts";
import { secrets } from "./secrets.ts";

/** Everything that is looked at without network beyond the shape. A new check is a function and a line here. */
export const STATIC_CHECKS: readonly StaticCheck[] = [
  secrets,
  gapsLeft,
  sixFields,
  keyForm,
  keyReused,
  placeGiven,
  typeFits,
  systemFits,
  optionsBelong,
  optionsComplete,
  optionTargets,
  constants,
  directionAllowed,
  writeAllowed,
  conflictRule,
  programFieldTwice,
  entryStage,
  stageTwice,
  approval,
  rulesAgree,
  intakeSound,
];
