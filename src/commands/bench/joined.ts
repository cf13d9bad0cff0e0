/** `resnet bench` with several workers: this process measures as one of them. */
import { measureJoined } from '../../bench/joined.ts';
import { benchNeed } from '../../bench/memory-need.ts';
import { type Cluster, clusterOf } from '../../cluster/cluster.ts';
import { loadDataset } from '../../dataset/load.ts';
import { memoryCheck } from '../../memory/check.ts';
import { printable, printableJson } from '../../printable.ts';
import { joinedTable } from '../../report/bench.ts';
import { waitingLine } from '../../report/progress-line.ts';
import { runtimeLine } from '../../report/runtime-line.ts';
import { checkBatchFits } from '../../run/checks.ts';
import type { WorkerSettings } from '../../run/settings/workers.ts';
import { RunWorkers } from '../../run/workers/run-workers.ts';
import { sharedNeed } from '../../run/workers/worker-place.ts';
import type { DeviceChoice } from '../../runtime/choices.ts';
import { openRuntime } from '../../runtime/open.ts';
import { LiveLine } from '../live-line.ts';
import { setUpAtFirstUse } from '../setup/first-use.ts';
import { interruptible } from '../signals.ts';
import { screen } from '../terminal.ts';

/** The flags of a measurement by several workers. */
export interface JoinedFlags {
  readonly steps: number;
  readonly 'batch-size': number;
  readonly device: DeviceChoice;
  readonly workers: number;
  readonly cluster?: readonly string[];
  readonly rank?: number;
  readonly 'control-port'?: number;
  readonly 'start-limit'?: number;
  readonly 'sync-batch-norm'?: boolean;
  readonly reduce?: WorkerSettings['reduce'];
  readonly 'no-memory-check'?: boolean;
  readonly yes?: boolean;
  readonly json?: boolean;
}

/**
 * The cluster that the flags or TF_CONFIG name.
 *
 * @throws UserError (usage) as `clusterOf`
 */
export function clusterIn(flags: JoinedFlags): Cluster | undefined {
  const { cluster, rank, 'control-port': controlPort, 'start-limit': startLimit } = flags;
  return clusterOf({ cluster, rank, controlPort, startLimit }, process.env);
}

/** Measures with the other workers of a cluster; worker 0 prints. */
export async function benchJoined(cluster: Cluster, flags: JoinedFlags): Promise<void> {
  const live = await LiveLine.start('waiting for the workers');
  try {
    await interruptible(
      () => 'nothing was written',
      async (signal) => {
        await setUpAtFirstUse({ backend: 'tensorflow', yes: flags.yes }, live);
        const text = await measureWith(cluster, flags, { live, signal });
        if (cluster.rank === 0) live.print(text);
      },
    );
  } finally {
    live.stop();
  }
}

/** Where a measurement shows how far it is, and what stops it. */
interface Hooks {
  readonly live: LiveLine;
  readonly signal: AbortSignal;
}

/** @returns what worker 0 prints */
async function measureWith(cluster: Cluster, flags: JoinedFlags, { live, signal }: Hooks): Promise<string> {
  const notice = (message: string) => live.note(`${printable(message)}\n`);
  const onWaiting = (others: readonly string[]) => {
    if (others.length > 0) live.update(waitingLine(others, { ...screen(), width: live.width }));
  };
  const workers = await RunWorkers.join(cluster, { notice, onWaiting, signal });
  try {
    const { steps, device, reduce, 'batch-size': batchSize } = flags;
    const { place } = workers;
    const dataset = await loadDataset('train');
    checkBatchFits(batchSize, dataset.count);
    const check = memoryCheck(flags['no-memory-check'], notice);
    check(sharedNeed(benchNeed(dataset, ['compiled'], batchSize, device), place));
    const peers = workers.peers({ batchSize, syncBatchNorm: flags['sync-batch-norm'], reduce });
    const settings = {
      '--steps': steps,
      '--batch-size': batchSize,
      '--sync-batch-norm': peers.syncBatchNorm,
      '--reduce': peers.reduce,
    };
    await workers.ready({ settings, data: dataset.sha256, graph: 'bench', start: 'bench' });
    const runtime = await openRuntime({ backend: 'tensorflow', device });
    live.update(`measuring with ${place.count} workers`);
    const result = await measureJoined(runtime, dataset, peers, { steps, batchSize }, (agreement) =>
      workers.stopTogether(signal, agreement),
    );
    await workers.done();
    const here = { ...result, device: runtime.device, version: runtime.version };
    return flags.json ? `${printableJson(here)}\n` : `${runtimeLine({ ...runtime, ...here })}\n${joinedTable(result)}`;
  } catch (error) {
    throw await workers.leave(error, signal);
  } finally {
    workers.close();
  }
}
