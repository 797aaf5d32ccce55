/** How items of one kind are done. */
export interface Ways<Item, Outcome> {
  /** Many are plain, and can be done by few statements. */
  readonly isPlain: (item: Item) => boolean;
  /** false: one of them is not what it looked like, and nothing was written. */
  readonly doTogether: (plain: readonly Item[]) => boolean;
  /** What becomes of each of them otherwise. */
  readonly plainOutcome: Outcome;
  readonly doAlone: (item: Item) => Outcome;
}

/** Does one after the other, those plain ones together that follow each other; gives an outcome for each. */
export function doInOrder<Item, Outcome>(items: readonly Item[], ways: Ways<Item, Outcome>): readonly Outcome[] {
  const outcomes: Outcome[] = [];
  let plain: Item[] = [];
  const doPlain = (): void => {
    if (plain.length > 1 && ways.doTogether(plain)) for (const _ of plain) outcomes.push(ways.plainOutcome);
    else for (const item of plain) outcomes.push(ways.doAlone(item));
    plain = [];
  };
  for (const item of items) {
    if (ways.isPlain(item)) {
      plain.push(item);
      continue;
    }
    doPlain();
    outcomes.push(ways.doAlone(item));
  }
  doPlain();
  return outcomes;
}
