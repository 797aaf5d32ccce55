import type { Randomness } from "./randomness.ts";

/** Crockford's base32, lower case: sorts as the numbers do, and has no letters that look alike. */
const DIGITS = "0123456789abcdefghjkmnpqrstvwxyz";
const TIME_LENGTH = 10;
const TAIL_LENGTH = 14;

const RUN_ID = new RegExp(`^run_[${DIGITS}]{${TIME_LENGTH + TAIL_LENGTH}}$`);

/** Whether a text can be the id of a run, known or not. */
export function isRunId(text: string): boolean {
  return RUN_ID.test(text);
}

/**
 * Mints run ids: `run_`, the millisecond, and a tail that grows within the millisecond. So ids sort by
 * creation, also among the thousand runs of one batch.
 */
export function createRunIds(randomness: Randomness): (now: number) => string {
  let lastTime = 0;
  let prefix = "";
  let tail: number[] = [];
  /** The id but for its last digit, which is all that changes from most runs to the next. */
  let head = "";
  return (now) => {
    if (now > lastTime) {
      lastTime = now;
      prefix = `run_${encodeTime(now)}`;
      tail = Array.from({ length: TAIL_LENGTH }, () => Math.floor(randomness.next() * 32));
      head = prefix + writeDigits(tail.slice(0, -1));
      // A clock that was set back must not sort new runs before old ones: the last millisecond goes on.
    } else if (increment(tail) > 1) {
      head = prefix + writeDigits(tail.slice(0, -1));
    }
    return head + DIGITS[tail[TAIL_LENGTH - 1] ?? 0];
  };
}

function encodeTime(time: number): string {
  let text = "";
  for (let rest = time; text.length < TIME_LENGTH; rest = Math.floor(rest / 32)) text = `${DIGITS[rest % 32]}${text}`;
  return text;
}

function writeDigits(digits: readonly number[]): string {
  let text = "";
  for (const digit of digits) text += DIGITS[digit];
  return text;
}

/** Gives how many digits it has changed. */
function increment(digits: number[]): number {
  for (let index = digits.length - 1; index >= 0; index -= 1) {
    const digit = (digits[index] ?? 0) + 1;
    digits[index] = digit % 32;
    if (digit < 32) return digits.length - index;
  }
  return digits.length;
}
