/** The exchange of several workers: what a traced step says of waiting and of bytes. */
import { expect, test } from '@jest/globals';
import { exchangeOf } from '../../src/bench/exchange.ts';

function ran(name: string, start: number, end: number, outputBytes?: number) {
  return {
    node: `train_64/conv/gradient/${name}`,
    label: '',
    start,
    duration: end - start,
    outputBytes: outputBytes ?? 0,
  };
}

test('a worker waits while sums run and no other kernel does; each sum counts by its bytes', () => {
  const nodes = [
    ran('1_Conv2D', 1000, 1040),
    ran('2_Conv2D', 1030, 1050),
    ran('3_CollectiveReduceV2', 1045, 1070, 800), // of which 5 beside a kernel, 20 alone
    ran('4_CollectiveReduceV2', 1060, 1075, 200), // 5 more alone
    ran('5_ResourceApplyAdam', 1080, 1100), // nothing runs from 1075 to 1080: no one is waited for
  ];
  const trace = [
    { device: 'cpu', nodes },
    { device: 'remote', nodes: [{ node: 'RecvBuf', label: '', start: 1065, duration: 0 }] },
  ];
  expect(exchangeOf(trace, 2)).toEqual({ waitingFraction: 0.25, bytesSentPerStep: 1000 });
  expect(exchangeOf(trace, 4)).toEqual({ waitingFraction: 0.25, bytesSentPerStep: 1500 });
});

test('a step without sums does not wait', () => {
  expect(exchangeOf([{ device: 'cpu', nodes: [ran('1_Conv2D', 0, 10)] }], 2)).toEqual({
    waitingFraction: 0,
    bytesSentPerStep: 0,
  });
});
