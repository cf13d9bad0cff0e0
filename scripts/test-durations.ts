/** How long each test took, by Jest's JSON report. */

/** The fields of Jest's report that are read; times are in milliseconds. */
export interface JestReport {
  readonly testResults: readonly {
    /** Path of the file. */
    readonly name: string;
    readonly startTime: number;
    readonly endTime: number;
    readonly assertionResults: readonly { readonly fullName: string; readonly duration?: number | null }[];
  }[];
}

interface TestDuration {
  readonly seconds: number;
  readonly path: string;
  readonly name: string;
}

/** Name of the row for the time that a file takes beside its tests. */
const BESIDE_TESTS = '(imports, and hooks around all tests)';

/** The tests that took longest, longest first; what a file takes beside its tests counts as a test. */
export function slowestTests({ testResults }: JestReport, count: number): TestDuration[] {
  const durations = testResults.flatMap(({ name: path, startTime, endTime, assertionResults }) => {
    const tests = assertionResults.map(({ fullName: name, duration }) => ({
      seconds: (duration ?? 0) / 1000,
      path,
      name,
    }));
    const inTests = tests.reduce((sum, { seconds }) => sum + seconds, 0);
    return [...tests, { seconds: (endTime - startTime) / 1000 - inTests, path, name: BESIDE_TESTS }];
  });
  return durations.toSorted((a, b) => b.seconds - a.seconds).slice(0, count);
}
