import * as fc from "fast-check";
import { type Command, type Play, toCommand } from "./command.ts";
import { invoke, invokeChild } from "./plays-of-births.ts";
import {
  cancel,
  changeLimit,
  crash,
  crashTwice,
  passTime,
  recover,
  restart,
  retry,
  setPaused,
} from "./plays-of-fate.ts";
import { claim, type Leaving, recordTask, recordWait, release, settle, writeLate } from "./plays-of-workers.ts";

const index = fc.nat({ max: 30 });
const desk = fc.nat({ max: 1 });
/** Few and round, so that instants meet. */
const spanMs = fc.constantFrom(0, 1, 10, 20, 100);
const limitId = fc.constantFrom(null, "job:mail" as const, "shared:db" as const);
const birth = fc.record({
  desk,
  jobId: fc.constantFrom("mail", "report"),
  priority: fc.constantFrom(0, 0, 0, 1, -1),
  limitId,
  key: fc.constantFrom(null, null, null, "a", "b"),
  digest: fc.constantFrom("d", "d", "d", "e"),
  delayMs: fc.constantFrom(null, null, null, 10, 100),
  ttlMs: fc.constantFrom(null, null, 10, 100),
  isDetached: fc.constantFrom(false, false, true),
  slots: fc.constantFrom(null, null, 0, 1, 5, 5),
});
const leaving = fc.constantFrom<Leaving[]>(
  "succeed",
  "succeed",
  "fail",
  "time out",
  "time out, still running",
  "park",
  "park",
  "back off",
  "give back",
);

/** How often each play is drawn beside the others. */
const PLAYS: readonly { readonly weight: number; readonly arbitrary: fc.Arbitrary<Play> }[] = [
  { weight: 10, arbitrary: birth.map(invoke) },
  { weight: 6, arbitrary: fc.tuple(birth, index).map(([drawn, at]) => invokeChild(drawn, at)) },
  {
    weight: 14,
    arbitrary: fc
      .tuple(desk, fc.integer({ min: 1, max: 4 }), fc.constantFrom(true, true, false))
      .map(([at, limit, suspect]) => claim(at, limit, suspect)),
  },
  { weight: 6, arbitrary: fc.tuple(index, fc.boolean()).map(([at, isOk]) => recordTask(at, isOk)) },
  {
    weight: 8,
    arbitrary: fc
      .tuple(index, fc.record({ forRuns: fc.boolean(), ms: fc.option(spanMs) }))
      .map(([at, waited]) => recordWait(at, waited)),
  },
  { weight: 20, arbitrary: fc.tuple(index, leaving, desk).map(([at, how, through]) => settle(at, how, through)) },
  { weight: 3, arbitrary: fc.tuple(index, desk).map(([at, through]) => writeLate(at, through)) },
  { weight: 4, arbitrary: fc.tuple(index, desk).map(([at, through]) => release(at, through)) },
  { weight: 10, arbitrary: fc.tuple(spanMs, desk).map(([ms, through]) => passTime(ms, through)) },
  { weight: 4, arbitrary: fc.tuple(index, desk).map(([at, through]) => cancel(at, through)) },
  { weight: 4, arbitrary: fc.tuple(index, desk).map(([at, through]) => retry(at, through)) },
  {
    weight: 2,
    arbitrary: fc
      .tuple(fc.constantFrom("mail", "report"), fc.boolean(), desk)
      .map(([jobId, isPaused, through]) => setPaused(jobId, isPaused, through)),
  },
  {
    weight: 2,
    arbitrary: fc
      .tuple(fc.constantFrom("mail", "report"), limitId, desk)
      .map(([jobId, limit, at]) => changeLimit(jobId, limit, at)),
  },
  { weight: 2, arbitrary: desk.map(crash) },
  {
    weight: 2,
    arbitrary: fc.tuple(desk, fc.integer({ min: 1, max: 4 })).map(([at, limit]) => crashTwice(at, limit)),
  },
  { weight: 1, arbitrary: fc.constant(restart()) },
  { weight: 4, arbitrary: desk.map(recover) },
];

/** What happens to a store, in some order; `onPlayed` hears of each command that was possible. */
export function histories(maxCommands: number, onPlayed: () => void): fc.Arbitrary<Iterable<Command>> {
  const commands = PLAYS.flatMap(({ weight, arbitrary }) => {
    const command = arbitrary.map((play) => toCommand(play, onPlayed));
    return Array.from({ length: weight }, () => command);
  });
  return fc.commands(commands, { maxCommands, size: "max" });
}
