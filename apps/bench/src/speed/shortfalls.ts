/*
 * What profiles (`node --cpu-prof` of the measuring process, and the pages of the write-ahead log) say of targets that have
 * been missed on one machine or another. The report prints it under its table in a run that misses them. Figures of
 * 27 November 2026.
 */

export const ALONE_PROFILE =
  "It is met where LIMIT makes some 5,000 commits a second, and missed where the disk is fast, as the disk's share hides " +
  "what a run costs. Of 115 µs a call, beginning and committing take 92, the row 8, JavaScript 15; LIMIT takes 80 in all. A " +
  "birth writes four pages (the row, its id, the ready runs, the runs of the job), LIMIT three, and each costs 8 µs: two " +
  "writes, a checksum, its share of the checkpoint. Needed is a birth that the list of a job's runs does not have to be told of.";

export const LIMITED_PROFILE =
  "A batch of ten settles and claims in one commit, as LIMIT's does, and writes 10.3 pages where LIMIT's writes 3.7: the runs " +
  "that ended and those that begin lie apart, and finished, waiting and live runs have an index each. On a fast disk these " +
  "pages, two statements a run (6 and 7 µs) and 10 µs of JavaScript a run show. Needed are fewer indexes that a run passes " +
  "through; without a limit runs are claimed ahead, and this does not apply.";

export const HTTP_PROFILE =
  "This one is no ratio: on a slower processor everybody takes longer. The bare servers beside it say what two calls by " +
  "tRPC's client take on the same machine without a job, a row or a commit. Of Beckon's two calls a quarter is the two " +
  "commits, the rest Node's HTTP on both sides, in one process.";

export const STEPS_PROFILE =
  "A step takes 17.5 µs: JavaScript 7, flat, no function over 3 %; statements 4; the commit 5 (14 pages in 0.36 ms for " +
  "a hundred steps, of which the fsync is 0.28); checkpoints 1. All hundred runs wait for the same fsync, and nothing " +
  "executes meanwhile. Needed are 13 to 14 µs: a writer that commits for one half of the runs while the other half " +
  "executes. The simple form of it, an fsync on the thread pool, costs more than it hides (49,000 steps/s against " +
  "62,000, W1 2,900 jobs/s against 4,400). A larger page cache, rarer checkpoints and fewer awaits made no difference.";

export const REST_PROFILE =
  "A request takes 75 µs, one of the bare server 20 to 40, by the minute; at its best that server leaves 57 for storing a " +
  "run. Of the 75 Node's HTTP takes as much as in the bare server, the commit 15, waiting for the 32 clients who wait for " +
  "the same commit 11, the router behind the route 5, the row 5, our route 5, Hono 3. Needed is again a commit that does not " +
  "hold the thread that serves. The procedure, which does the same work over tRPC, is ahead of a bare tRPC server.";
