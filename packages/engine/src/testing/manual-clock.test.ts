import { describe, expect, test } from "vitest";
import { createManualClock } from "./manual-clock.ts";

describe("the manual clock", () => {
  test("stands still until it is moved", async () => {
    const clock = createManualClock(1_000);
    await clock.tick();
    expect(clock.now()).toBe(1_000);
    await clock.advance(500);
    expect(clock.now()).toBe(1_500);
    await clock.advanceTo(9_000);
    expect(clock.now()).toBe(9_000);
  });

  test("never goes back", async () => {
    const clock = createManualClock(1_000);
    await clock.advanceTo(10);
    expect(clock.now()).toBe(1_000);
  });

  test("fires timers in order, each at its own instant, equals in the order they were set", async () => {
    const clock = createManualClock(0);
    const fired: string[] = [];
    clock.setTimer(300, () => fired.push(`c at ${clock.now()}`));
    clock.setTimer(100, () => fired.push(`a at ${clock.now()}`));
    clock.setTimer(100, () => fired.push(`b at ${clock.now()}`));
    await clock.advance(299);
    expect(fired).toEqual(["a at 100", "b at 100"]);
    await clock.advance(1);
    expect(fired).toEqual(["a at 100", "b at 100", "c at 300"]);
  });

  test("fires timers that are set on the way, after what was started has settled", async () => {
    const clock = createManualClock(0);
    const fired: number[] = [];
    const again = async (): Promise<void> => {
      fired.push(clock.now());
      await Promise.resolve();
      clock.setTimer(clock.now() + 10, () => void again());
    };
    clock.setTimer(10, () => void again());
    await clock.advance(35);
    expect(fired).toEqual([10, 20, 30]);
  });

  test("fires a timer of the past in the next turn without being moved", async () => {
    const clock = createManualClock(1_000);
    let isFired = false;
    clock.setTimer(5, () => {
      isFired = true;
    });
    expect(isFired).toBe(false);
    await clock.tick();
    expect(isFired).toBe(true);
    expect(clock.now()).toBe(1_000);
  });

  test("does not fire what was canceled", async () => {
    const clock = createManualClock(0);
    const fired: string[] = [];
    const cancelSoon = clock.setTimer(0, () => fired.push("soon"));
    const cancelLater = clock.setTimer(10, () => fired.push("later"));
    cancelSoon();
    cancelLater();
    cancelLater();
    await clock.advance(20);
    expect(fired).toEqual([]);
  });
});
