/** A field in the model: what each side holds, and what both last agreed on. Every edit has a value of its own. */
export interface FieldState {
  crm: unknown;
  program: unknown;
  base: unknown;
}

export interface FieldRule {
  direction: "both" | "crm_to_program";
  onConflict: "crm" | "program";
}

/**
 * What should become of one field, in a few lines: the side that changed wins, of two the one that the rule names. Where
 * a worker died or a call failed, nobody can say whether its write was made: both are possible then.
 */
export class FieldModel {
  private states: FieldState[];
  private readonly rule: FieldRule;

  constructor(rule: FieldRule, value: unknown) {
    this.rule = rule;
    this.states = [{ crm: value, program: value, base: value }];
  }

  edit(side: "crm" | "program", value: unknown): void {
    this.become((state) => [{ ...state, [side]: value }]);
  }

  /** A worker carries what this direction has to carry; with doubt, it may not have come to it. */
  run(direction: "inbound" | "outbound", doubt: boolean): void {
    this.become((state) => {
      const carried = this.winner(state) === (direction === "inbound" ? "crm" : "program") ? this.agree(state) : state;
      return doubt ? [state, carried] : [carried];
    });
  }

  /** What both sides hold when there is nothing left to do. */
  ends(): unknown[] {
    return [...new Set(this.states.map((state) => this.agree(state).crm))];
  }

  private agree(state: FieldState): FieldState {
    const winner = this.winner(state);
    const value = winner === null ? state.base : state[winner];
    return { crm: value, program: value, base: value };
  }

  private winner({ crm, program, base }: FieldState): "crm" | "program" | null {
    const changed = { crm: crm !== base, program: program !== base };
    if (!changed.crm && !changed.program) return null;
    if (this.rule.direction === "crm_to_program") return "crm";
    if (changed.crm && changed.program) return this.rule.onConflict;
    return changed.crm ? "crm" : "program";
  }

  private become(next: (state: FieldState) => FieldState[]): void {
    const distinct = new Map(this.states.flatMap(next).map((state) => [JSON.stringify(state), state]));
    this.states = [...distinct.values()];
  }
}
