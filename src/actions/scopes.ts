import { ACTIONS, type Action } from "./catalogue.ts";
import { guide } from "./guide.ts";

/** How a list of scopes may be written, for whichever form it is pasted into. */
export const SEPARATORS = { space: " ", comma: ",", semicolon: ";", pipe: "|", newline: "\n" } as const;
export type Separator = keyof typeof SEPARATORS;

/**
 * | choice | scopes |
 * | --- | --- |
 * | guide | those that the setup guide gives for the chosen actions |
 * | minimal | as few as these actions need: no `:read` beside its `:full`, and Pipedrive's own word where the guide's is too small |
 * | printed | all that the guide prints, whatever was chosen |
 */
export const SCOPE_CHOICES = ["guide", "minimal", "printed"] as const;
export type ScopeChoice = (typeof SCOPE_CHOICES)[number];

export interface ScopeAdvice {
  choice: ScopeChoice;
  scopes: string[];
  /** Printed scopes that enable none of the 121 actions. */
  enableNothing: string[];
  /** Chosen actions that these scopes are too small for, and any one of what would do. */
  tooSmall: { id: string; label: string; needsOneOf: string[] }[];
  /** The chosen actions that each scope is there for. */
  enables: { scope: string; actions: string[] }[];
}

/** The one scope that every app has, chosen or not. */
const ALWAYS = "base";

/** In the guide's order, then those that only Pipedrive's documents name. */
const ORDER = [...new Set([...guide.printedScopes, ...ACTIONS.flatMap(({ scopes }) => scopes)])];

/** What an app has to ask for so that these actions can be used. */
export function scopesFor(actions: readonly Action[], choice: ScopeChoice): ScopeAdvice {
  const scopes = inOrder(CHOOSE[choice](actions));
  const granted = new Set(scopes);
  return {
    choice,
    scopes,
    enableNothing: scopes.filter((scope) => !ACTIONS.some((action) => wants(action, scope))),
    tooSmall: actions
      .filter((action) => !suffice(granted, action))
      .map(({ id, label, scopes: needsOneOf }) => ({ id, label, needsOneOf })),
    enables: scopes.map((scope) => {
      return { scope, actions: actions.filter((action) => wants(action, scope)).map(({ id }) => id) };
    }),
  };
}

/** True when somebody granted these scopes may call the action: one that Pipedrive takes for it is enough. */
export function suffice(granted: ReadonlySet<string>, { scopes }: Pick<Action, "scopes">): boolean {
  return scopes.some((scope) => scope === ALWAYS || granted.has(scope));
}

/** Actions for which the guide's scopes are too small, by Pipedrive's own documents. */
export function isUnderstated({ guideScopes, scopes }: Pick<Action, "guideScopes" | "scopes">): boolean {
  return !suffice(new Set(guideScopes), { scopes });
}

const CHOOSE: Record<ScopeChoice, (actions: readonly Action[]) => Iterable<string>> = {
  guide: (actions) => actions.flatMap(({ guideScopes }) => guideScopes),
  minimal,
  printed: () => guide.printedScopes,
};

function minimal(actions: readonly Action[]): Set<string> {
  const chosen = new Set<string>();
  const understated = actions.filter(isUnderstated);
  for (const action of actions) {
    if (understated.includes(action) || action.scopes.includes(ALWAYS)) continue;
    for (const scope of action.guideScopes) chosen.add(scope);
  }
  // Those that leave no choice first: what they need may do for the others.
  for (const action of understated.sort((a, b) => a.scopes.length - b.scopes.length)) {
    if (!suffice(chosen, action)) chosen.add(narrowest(action));
  }
  for (const scope of chosen) {
    if (scope.endsWith(":read") && chosen.has(scope.replace(/:read$/, ":full"))) chosen.delete(scope);
  }
  return chosen;
}

/** `admin` opens far more than any other scope. */
function narrowest({ scopes }: Action): string {
  return scopes.find((scope) => scope !== "admin") ?? "admin";
}

function wants(action: Action, scope: string): boolean {
  return action.guideScopes.includes(scope) || (isUnderstated(action) && action.scopes.includes(scope));
}

function inOrder(scopes: Iterable<string>): string[] {
  const known = new Set(scopes);
  return ORDER.filter((scope) => known.has(scope));
}
