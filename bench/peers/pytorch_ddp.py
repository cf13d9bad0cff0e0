"""Measures training of the original's network by several processes of PyTorch: DistributedDataParallel over gloo.

Usage: python3 pytorch_ddp.py FOLDER STEPS PROCESSES THREADS BATCH [channels_last]

FOLDER has MNIST's four IDX files. Starts PROCESSES processes on this machine, of THREADS threads each. They train STEPS
steps of BATCH images together, after some steps to warm up: each process has an equal part of each batch, and batch
norm uses the part's statistics, as DistributedDataParallel does by default. Prints one line of JSON with field names
of `resnet bench --json`. Speeds are in images per second of all processes, of rank 0's median step. Batches are
prepared before the clock starts.
"""

import json
import os
import subprocess
import sys
import tempfile
import threading
import time
from functools import partial

PARENT_POLL_SECONDS = 0.05


def rank_main(rank, store, folder, steps, processes, threads, batch, *layout):
    """Trains as one of the processes; rank 0 prints the figures."""
    import torch
    from torch import distributed
    from torch.nn.parallel import DistributedDataParallel

    from lesson_net import lesson_net
    from pytorch_speed import TRAIN_WARM_UP, batches, layout_of, peak_memory, speed, train_step

    def own_parts(layout):
        for images, labels in batches(folder, "train", batch, steps + TRAIN_WARM_UP, layout):
            yield images.chunk(processes)[rank].contiguous(memory_format=layout), labels.chunk(processes)[rank]

    torch.set_num_threads(threads)
    distributed.init_process_group("gloo", init_method=f"file://{store}", rank=rank, world_size=processes)
    torch.manual_seed(0)
    layout = layout_of(list(layout))
    # gradients live in the buckets that are sent: no copy between them
    net = DistributedDataParallel(lesson_net().to(memory_format=layout), gradient_as_bucket_view=True)
    optimizer = torch.optim.Adam(net.parameters(), lr=1e-3)
    net.train()
    part_speed, loss = speed(partial(train_step, net, optimizer), own_parts(layout), TRAIN_WARM_UP)
    if rank == 0:
        result = {
            "trainImagesPerSecond": part_speed * processes,
            "trainPeakMemoryBytes": peak_memory(),
            "loss": loss,
            "pytorchVersion": torch.__version__,
        }
        print(json.dumps(result), flush=True)
    distributed.barrier()  # a rank that leaves early may fail another's last step
    distributed.destroy_process_group()


def end_with_parent():
    """Ends this process when the one that started it ends, however it does: its end of standard input closes."""

    def wait():
        os.read(sys.stdin.fileno(), 1)  # a lock of `sys.stdin` would disturb the end of Python
        os._exit(1)

    threading.Thread(target=wait, daemon=True).start()


def start(rank, store, words):
    threads = words[3]
    loopback = "lo0" if sys.platform == "darwin" else "lo"
    environment = os.environ | {"OMP_NUM_THREADS": threads, "GLOO_SOCKET_IFNAME": loopback}
    command = [sys.executable, __file__, "--rank", str(rank), store, *words]
    return subprocess.Popen(command, stdin=subprocess.PIPE, env=environment)


def first_failure(ranks):
    """Waits until all ranks have ended well, or one has not: its exit code, else 0."""
    while True:
        codes = [each.poll() for each in ranks]
        failed = [code for code in codes if code]
        if failed or None not in codes:
            return failed[0] if failed else 0
        time.sleep(PARENT_POLL_SECONDS)


def main(words):
    processes, batch = int(words[2]), int(words[4])
    if batch % processes:
        print(f"BATCH must be a multiple of PROCESSES, got {batch} and {processes}", file=sys.stderr)
        return 2
    with tempfile.TemporaryDirectory() as folder:
        ranks = [start(rank, f"{folder}/store", words) for rank in range(processes)]
        try:
            return 1 if first_failure(ranks) else 0
        finally:
            for each in ranks:
                each.kill()
                each.wait()


if __name__ == "__main__":
    if sys.argv[1] == "--rank":
        end_with_parent()
        rank, store, folder, *numbers = sys.argv[2:]
        rank_main(int(rank), store, folder, *map(int, numbers[:4]), *numbers[4:])
    else:
        sys.exit(main(sys.argv[1:]))
