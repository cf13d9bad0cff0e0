/** How workers show one another that they know the cluster's secret, without sending it. */
import { createHmac, randomBytes, timingSafeEqual } from 'node:crypto';

/** A number that nobody could foresee, in hexadecimal digits: who answers it did not record an earlier answer. */
export function newNonce(): string {
  return randomBytes(16).toString('hex');
}

/**
 * The proof of a worker: an HMAC-SHA256 of its hello and the leader's nonce.
 *
 * @param secret undefined in a cluster without one, on one machine
 */
export function workerProof(
  secret: string | undefined,
  challenge: string,
  { rank, world, version, nonce }: { rank: number; world: number; version: string; nonce: string },
): string {
  return hmac(secret, ['worker', challenge, nonce, rank, world, version]);
}

/** The proof of the leader: it answers the worker's nonce, so that nobody else can end a worker's training. */
export function leaderProof(secret: string | undefined, challenge: string, nonce: string): string {
  return hmac(secret, ['leader', challenge, nonce]);
}

function hmac(secret: string | undefined, parts: readonly unknown[]): string {
  return createHmac('sha256', secret ?? '')
    .update(JSON.stringify(parts))
    .digest('hex');
}

/** Whether a proof is the expected one; the time that it takes says nothing about either. */
export function isSameProof(given: string, expected: string): boolean {
  const [a, b] = [Buffer.from(given), Buffer.from(expected)];
  return a.length === b.length && timingSafeEqual(a, b);
}
