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
  "The rounds differ by more than the two sides do, and in the run of 27 November it was 0.94: no work is known here that grows " +
  "with the history. It would take a quieter machine, or more rounds, to tell.";

export const LIMITED_PROFILE =
  `${WHERE} with a fast disk: a batch of ten ends and claims in one commit, as LIMIT's does, but that commit has 10.3 ` +
  "pages where LIMIT's has 3.7, since runs that wait, live and have finished are each in an index of their own. The commit is " +
  "40 % of the time, the two statements for each run 35 %, JavaScript 25 %. It would take fewer indexes for a run to pass " +
  "through.";

export const HTTP_PROFILE =
  "A time, not a ratio: the bare servers in its table say what two calls by tRPC's client take on this machine without a job, a " +
  `row or a commit. ${WHERE} where those took 1.5 to 1.9 ms: 28 % of Beckon's trip is its two commits, 5 % its rows, and the ` +
  "rest is Node's HTTP at both ends, tRPC and the JavaScript of both, in one process.";

export const STEPS_PROFILE =
  `${WHERE}: of the time of a step JavaScript is 40 %, flat, no function over 3 %; its statement 23 %; its share of the ` +
  "commit 29 %, most of that the fsync; checkpoints 6 %. All hundred runs wait for the same fsync, and nothing executes " +
  "meanwhile. It would take a writer that commits for one half of the runs while the other half executes. An fsync handed to " +
  "Node's thread pool is no way to that: it costs more than it hides (49,000 steps/s where 62,000 were reached without).";

export const REST_PROFILE =
  `${WHERE}: the bare server takes a third to a half of the time of Beckon's request, and the target leaves 1.9 of its requests ` +
  "for storing a run. 20 % of Beckon's is the commit, 15 % is spent waiting, as all 32 clients wait for the same commit; 7 % the " +
  "route, 7 % the procedure behind it, 7 % the row. It would take a commit that does not hold the thread that serves.";
