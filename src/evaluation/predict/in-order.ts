/** Works on several things at the same time, and gives the results in their order. */

/**
 * Works on things, some ahead of those that were asked for.
 *
 * @param atOnce things that are worked on, or whose results wait, at most
 * @returns the results in the order of the things
 * @throws what `work` throws, at the place of the thing
 */
export async function* inOrder<Thing, Result>(
  things: readonly Thing[],
  atOnce: number,
  work: (thing: Thing) => Promise<Result>,
): AsyncGenerator<Result> {
  const running: Promise<Result>[] = [];
  let begun = 0;
  while (begun < things.length || running.length > 0) {
    while (begun < things.length && running.length < atOnce) {
      const result = work(things[begun++]!);
      result.catch(() => {}); // it is thrown when its turn comes; if that never comes, nobody misses it
      running.push(result);
    }
    yield await running.shift()!;
  }
}
