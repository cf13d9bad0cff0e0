/** Uniform numbers by a hash, the same in TypeScript and in Python. */
const { imul } = Math; // under Jest a global is looked up slowly, and there are millions of numbers

/** Uniform in [−1, 1): an integer hash of seed and index, in 32-bit arithmetic; uniform_numbers.py makes the same. */
export function uniformNumbers(seed: number, count: number): Float64Array {
  const values = new Float64Array(count);
  for (let index = 0; index < count; index++) {
    let x = imul(index, 1103515245) + imul(seed, 2654435769) + 12345;
    for (let round = 0; round < 2; round++) x = imul(x ^ (x >>> 16), 73244475);
    values[index] = ((x ^ (x >>> 16)) >>> 0) / 2 ** 31 - 1;
  }
  return values;
}
