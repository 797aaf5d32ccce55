const QUIET_MS = 120;
/** More than a slow line takes for a large run: an answer that comes after it was asked for anew is thrown away. */
const ANSWER_MS = 15_000;

/**
 * At most once in a while, and once more after the last call. What has begun comes to its end first: asking anew throws
 * an answer that is on its way away, and over a slow line to a busy run none would ever be shown.
 */
export function throttle(act: () => void | Promise<void>): () => void {
  let isWanted = false;
  let isUnderWay = false;
  const goOn = async (): Promise<void> => {
    isUnderWay = true;
    while (isWanted) {
      await new Promise((wake) => setTimeout(wake, QUIET_MS));
      isWanted = false;
      await act();
    }
    isUnderWay = false;
  };
  return () => {
    isWanted = true;
    if (!isUnderWay) void goOn();
  };
}

/**
 * Reads anew after what happened, throttled. What has no answer in time is asked anew, also where nothing happens any more:
 * its connection may have died unseen, and one that waits for it would follow no further.
 */
export function refresher(read: () => Promise<void>, left: AbortSignal): () => void {
  const refresh = throttle(async () => {
    const isAnswered = await isOverWithin(ANSWER_MS, read());
    if (!isAnswered && !left.aborted) refresh();
  });
  return refresh;
}

async function isOverWithin(ms: number, work: Promise<void>): Promise<boolean> {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const late = new Promise<false>((resolve) => {
    timer = setTimeout(() => resolve(false), ms);
  });
  try {
    return await Promise.race([work.then(() => true), late]);
  } finally {
    clearTimeout(timer);
  }
}
