/*
 * What profiles (`node --cpu-prof` of the measuring process, and the pages of the write-ahead log) say of targets that were
 * missed on one machine or another. The report prints it under its table in a run that misses them, whatever machine that
 * is of: so each says when and where it was found, and speaks in shares.
 */

const WHERE = "Profiled in November 2026 on two cores";

export const ALONE_PROFILE =
  `${WHERE} whose disk takes 9,000 to 12,000 lone commits a second: 80 % of a call is its commit, 7 % the row, 13 % ` +
  "JavaScript. On a slower disk both wait for it most of the time, and the ratio was met there; on a fast one what Beckon " +
  "does besides shows. A birth writes four pages (the row, its id, the ready runs, the runs of the job), LIMIT writes three; " +
  "without the index of a job's runs a call took 5 % less, without both indexes 19 %. It would take a birth that need not " +
  "be listed at once.";

export const ALWAYS_PROFILE =
  `${WHERE} whose disk syncs in 60 to 100 µs: both wait for one sync a call, and the shorter that is, the less it hides of the ` +
  "rest. Redis appends a few hundred bytes, and BullMQ's part is a round trip over loopback; Beckon's commit is 80 % of its " +
  "call, and writes four pages. On a disk that syncs in 150 to 200 µs the ratio was 2 and more. It would take smaller commits.";

export const ROUND_TRIP_PROFILE =
  `${WHERE} with a fast disk: 73 % of a round trip is its two commits, 7 % the two statements, the rest JavaScript. LIMIT makes ` +
  "three commits of fewer pages; on a slower disk, where the number of syncs decides, the ratio was 0.5 to 0.9. It would take " +
  "smaller commits.";

export const HISTORY_PROFILE =
  "No work is known here that grows with the history: pairs taken by hand on 29 November, each on a fresh copy of the file, gave " +
  "0.84 to 1.08, as the machine had it, and the profiles of both sides show the same shares. It would take a quieter machine, or " +
  "more rounds, to tell.";

export const LIMITED_PROFILE =
  `${WHERE} with a fast disk: a batch of ten ends and claims in one commit, as LIMIT's does, but that commit has 9.2 ` +
  "pages where LIMIT's has 3.7 (10.3 until what returns nothing was kept in 2 bytes, so that rows stay on their pages), since runs that wait, live and have finished are each in an index of their own. The commit is " +
  "40 % of the time, the two statements for each run 35 %, JavaScript 25 %. It would take fewer indexes for a run to pass " +
  "through.";

export const HTTP_PROFILE =
  "A time, not a ratio: the bare servers in its table say what one call by tRPC's client takes on this machine without a job, a " +
  `row or a commit. ${WHERE} where that took 0.9 ms: 40 % of Beckon's trip is its two commits, 6 % its rows, and the rest is ` +
  "Node's HTTP at both ends and the JavaScript of both, in one process. What lies between two commits is paid twice, as that disk syncs " +
  "slower after a pause: LIMIT's commit takes 0.18 ms after the one before, 0.28 after a millisecond of other work, 0.4 after two. It " +
  "would take a faster disk, or one that does not doze.";

export const STEPS_PROFILE =
  `${WHERE}: of the time of a step JavaScript is 40 %, flat, no function over 3 %; its statement 16 to 23 %; its share of the ` +
  "commit 29 to 32 %, most of that the fsync. All hundred runs wait for the same fsync, and nothing executes meanwhile. Tried on 29 " +
  "November, and left out: the whole store on a thread of its own, a message a turn (0.6 of the steps, of the drain at 100 and of " +
  "64 callers, 1.6 times the round trip, REST as before: on two cores the threads wait for each other longer than they work side " +
  "by side); two halves that take turns, their fsync on Node's thread pool (nothing gained in most pairs, as twice as many commits " +
  "cost as much); checkpoints half or a quarter as often (nothing), pages of 2, 8 or 16 KiB (nothing), a write-ahead log that is made " +
  "longer beforehand (what it saves it costs). A step's rows lie with its run's, so a hundred runs write some fourteen pages in each " +
  "commit, and split two of them.";

export const DRAIN_PROFILE =
  `${WHERE}, slow ones: 23 % of a drain is the statements that end runs, 15 % those that claim them, 20 % the commits, 3 % the ` +
  "garbage collector; the rest is JavaScript, no function over 2 %. Where it was missed it was by less than the rounds differ; " +
  "graphile-worker deletes its rows, Beckon keeps each in other indexes. It would take fewer indexes for a run to pass through.";

export const CHILD_PROFILE =
  "A time, not a ratio: commits, one after the other, five when this was measured and four since, as the answer that the parent has " +
  `seen goes with its end. ${WHERE} where a lone commit takes 0.27 ms: 58 % of the trip is its commits, no function has more than ` +
  "2 % of the rest. Where an fsync takes 60 to 200 µs the trip was 1.2 to 1.5 ms. It would take a faster disk.";

export const START_PROFILE =
  `A time, not a ratio, and mostly that of loading modules. ${WHERE} where it took 430 ms: Node 40, zod with its languages 95, ` +
  "node:http with the undici that it loads for whoever imports it 50, tRPC, Hono, superjson and better-sqlite3 85, Beckon's own " +
  "modules 65, the database with its tables, statements and syncs and the port 75, the first run 20. With Node's compile cache, " +
  "which is its user's to switch on, it was 330 to 400.";

export const REST_PROFILE =
  `${WHERE}: the bare server takes a third to a half of the time of Beckon's request, and the target leaves 1.9 of its requests ` +
  "for storing a run. 20 % of Beckon's is the commit, 15 % is spent waiting, as all 32 clients wait for the same commit; 7 % the " +
  "route, 7 % the procedure behind it, 7 % the row. It would take a commit that does not hold the thread that serves; its fsync on Node's " +
  "thread pool alone, and the store on a thread of its own, tried on 29 November, gained nothing.";
