import { ActivityReads } from "./activity.ts";
import { DueWork } from "./advance-time.ts";
import { Bodies } from "./bodies.ts";
import { Cancellations } from "./cancel-run.ts";
import { ReadyClaims } from "./claim-ready.ts";
import { Claims } from "./claim-runs.ts";
import { SuspectClaims } from "./claim-suspect.ts";
import { Births } from "./create-runs.ts";
import { Deliveries } from "./deliveries.ts";
import { Endings } from "./end-run.ts";
import { Events } from "./events.ts";
import { ForgottenSteps } from "./forgotten-steps.ts";
import { IdempotencyKeys } from "./idempotency.ts";
import { JobReads } from "./job-facts.ts";
import { JobLimits } from "./job-limits.ts";
import { KeptSignals } from "./kept-signals.ts";
import { Limits } from "./limits.ts";
import { Line } from "./line.ts";
import { Lingering } from "./lingering.ts";
import { RunLists } from "./list-runs.ts";
import { LiveRuns } from "./live-run.ts";
import { Newborns } from "./newborns.ts";
import { Pauses } from "./pause-job.ts";
import { PlainEnds } from "./plain-ends.ts";
import { Pruning } from "./prune.ts";
import { QueueReads } from "./queue-facts.ts";
import { RunReads } from "./read-runs.ts";
import { ReadyLines } from "./ready-lines.ts";
import { StepRecords } from "./record-steps.ts";
import { Requests } from "./requests.ts";
import { Retries } from "./retry-run.ts";
import type { Session } from "./session.ts";
import { Settlements } from "./settle-runs.ts";
import { Statuses } from "./statuses.ts";
import { Tasks } from "./tasks.ts";
import { ToldEvents } from "./told-events.ts";
import { Values } from "./values.ts";
import { Waits } from "./waits.ts";
import { Workers } from "./workers.ts";

export type Parts = ReturnType<typeof createParts>;

/** Puts the store together. */
export function createParts(session: Session) {
  const floor = createFloor(session);
  const claims = new Claims(session, { ...floor, suspectClaims: new SuspectClaims(session, floor) });
  return {
    ...floor,
    claims,
    births: new Births(session, { ...floor, claims }),
    settlements: new Settlements(session, floor),
    workers: new Workers(session, floor),
    dueWork: new DueWork(session, floor),
    cancellations: new Cancellations(session, floor),
    retries: new Retries(session, floor),
    pauses: new Pauses(session, floor),
    values: new Values(session, floor),
    pruning: new Pruning(session, floor),
    runReads: new RunReads(session, floor),
    runLists: new RunLists(session),
    queueReads: new QueueReads(session),
    jobReads: new JobReads(session),
    activityReads: new ActivityReads(session),
  };
}

/** What several verbs stand on, from what stands alone to what uses it. */
function createFloor(session: Session) {
  const runs = new LiveRuns(session);
  const newborns = new Newborns(session);
  const bodies = new Bodies(session);
  const told = new ToldEvents(session);
  const events = new Events(session, { told });
  const statuses = new Statuses(session);
  const tasks = new Tasks(session);
  const keys = new IdempotencyKeys(session);
  const requests = new Requests(session);
  const deliveries = new Deliveries(session);
  const lines = new ReadyLines(session);
  const readyClaims = new ReadyClaims(session, { lines });
  const limits = new Limits(session);
  const lingering = new Lingering(session, { limits });
  const line = new Line(session, { limits, events });
  const waits = new Waits(session, { runs, line, tasks, events, signals: new KeptSignals(session) });
  const forgotten = new ForgottenSteps(session, { tasks, events, waits });
  const endings = new Endings(session, { bodies, limits, lingering, keys, deliveries, waits });
  const plainEnds = new PlainEnds(session, { limits, told });
  const records = new StepRecords(session, { runs, bodies, events, told, statuses, waits, forgotten });
  const rows = { runs, newborns, bodies, events, told, statuses, tasks, keys, requests, deliveries };
  const jobLimits = new JobLimits(session, { runs, limits, line });
  return {
    ...rows,
    lines,
    readyClaims,
    limits,
    lingering,
    line,
    jobLimits,
    waits,
    forgotten,
    endings,
    plainEnds,
    records,
  };
}
