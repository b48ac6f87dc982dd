/**
 * A machine whose clock is wrong: loaded before a program (`--import`), it moves all that program's wall-clock time by
 * CLOCK_AHEAD_MS (negative: behind). What measures durations is left alone, as a wrong clock runs at the right speed.
 */
const ahead = Number(process.env.CLOCK_AHEAD_MS ?? 0);
const RealDate = Date;

globalThis.Date = class extends RealDate {
  constructor(...args) {
    if (args.length === 0) super(RealDate.now() + ahead);
    else super(...args);
  }
  static now() {
    return RealDate.now() + ahead;
  }
};
