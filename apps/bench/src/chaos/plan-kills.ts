/** One kill of a loop. */
export interface Kill {
  /** How long after the one before. */
  readonly pauseMs: number;
  /** Which server, from 0 on. */
  readonly victim: number;
}

/** When which server is killed; of one seed always the same, so that what a loop found can be looked for again. */
export function planKills(seed: number, counts: { readonly kills: number; readonly servers: number }): readonly Kill[] {
  let state = seed >>> 0;
  const draw = (): number => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 2 ** 32;
  };
  return Array.from({ length: counts.kills }, () => ({
    pauseMs: 100 + draw() * 900,
    victim: Math.floor(draw() * counts.servers),
  }));
}

/** One to try what nobody has tried. */
export function drawSeed(): number {
  return Math.floor(Math.random() * 2 ** 32);
}
