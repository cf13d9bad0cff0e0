/** Work that emits events, as a generator. */
import { setTimeout } from 'node:timers/promises';
import { expect, test } from '@jest/globals';
import { eventsOf } from '../../src/api/events-of.ts';

test('gives the events in their order, and the work waits while the loop works on one', async () => {
  const order: string[] = [];
  const events = eventsOf<number>(async ({ emit, taken }) => {
    for (const event of [1, 2]) {
      emit(event);
      emit(10 * event);
      await taken();
      order.push(`work after ${event}`);
    }
  });
  for await (const event of events) {
    await setTimeout(2);
    order.push(`loop has ${event}`);
  }
  expect(order).toEqual([
    ...['loop has 1', 'loop has 10', 'work after 1', 'loop has 2', 'loop has 20', 'work after 2'],
  ]);
});

test('a loop that is left aborts the work, and waits for its end', async () => {
  let ended = false;
  const events = eventsOf<number>(async ({ emit, taken }, signal) => {
    emit(1);
    await taken();
    expect(signal.aborted).toBe(true);
    await setTimeout(5);
    ended = true;
    signal.throwIfAborted();
  });
  for await (const _ of events) break;
  expect(ended).toBe(true);
});

test('an error comes after the events before it', async () => {
  const seen: number[] = [];
  const events = eventsOf<number>(async ({ emit }) => {
    emit(1);
    throw new Error('failed');
  });
  await expect(
    (async () => {
      for await (const event of events) seen.push(event);
    })(),
  ).rejects.toThrow('failed');
  expect(seen).toEqual([1]);
});

test('an error of the work after the loop was left is thrown, not lost', async () => {
  const events = eventsOf<number>(async ({ emit, taken }) => {
    emit(1);
    await taken();
    throw new Error('the disk is full');
  });
  await expect(
    (async () => {
      for await (const _ of events) break;
    })(),
  ).rejects.toThrow('the disk is full');
});

test('the work does not begin before an event is asked for', async () => {
  let began = false;
  const events = eventsOf<number>(async () => {
    began = true;
  });
  await events.return();
  expect(began).toBe(false);
});
