"""Times the released model's graph in PyTorch on a device: eager, as a CUDA graph, and compiled; prints one JSON object.

    python3 on_device.py --device cuda --size t --task network --height 768 --width 1536 --classes 19
    python3 on_device.py --device cuda --size t --task train --batch 16 --height 512 --width 512 --classes 150

The number formats are those of torch.autocast over the graph as it is. A way that fails has the reason in place of its figures.
"""
import argparse
import json
import statistics
import time

import torch

from segnext_torch import SegNeXt, loss_of, optimizer_of

TYPES = {'fp32': None, 'bf16': torch.bfloat16, 'fp16': torch.float16}

p = argparse.ArgumentParser()
p.add_argument('--device', default='cuda')
p.add_argument('--task', default='network', choices=['network', 'train'])
p.add_argument('--size', default='t')
p.add_argument('--classes', type=int, default=19)
p.add_argument('--batch', type=int, default=1)
p.add_argument('--height', type=int, default=768)
p.add_argument('--width', type=int, default=1536)
p.add_argument('--precisions', default='fp32,bf16,fp16')
p.add_argument('--ways', default='eager,graph,compile')
p.add_argument('--runs', type=int, default=30)
p.add_argument('--threads', type=int, default=0)
a = p.parse_args()

gpu = a.device.startswith('cuda')
if a.threads:
    torch.set_num_threads(a.threads)
if gpu:
    torch.cuda.set_device(a.device)
    torch.backends.cudnn.benchmark = True


def cast(precision):
    return torch.autocast('cuda' if gpu else 'cpu', dtype=TYPES[precision] or torch.bfloat16, enabled=TYPES[precision] is not None)


def timed(run):
    for _ in range(5):
        run()
    times = []
    for _ in range(a.runs):
        if gpu:
            begin, end = torch.cuda.Event(enable_timing=True), torch.cuda.Event(enable_timing=True)
            torch.cuda.synchronize()
            begin.record()
            run()
            end.record()
            torch.cuda.synchronize()
            times.append(begin.elapsed_time(end))
        else:
            start = time.perf_counter()
            run()
            times.append((time.perf_counter() - start) * 1e3)
    return statistics.median(times)


def network(precision, way, layout):
    torch.manual_seed(0)
    model = SegNeXt(a.size, a.classes).to(a.device).to(memory_format=layout).eval()
    x = torch.randn(a.batch, 3, a.height, a.width, device=a.device).contiguous(memory_format=layout)
    call = torch.compile(model) if way == 'compile' else model

    def forward():
        with torch.no_grad(), cast(precision):
            return call(x)

    entry['finite'] = bool(torch.isfinite(forward()).all())
    if way != 'graph':
        return timed(forward)
    side = torch.cuda.Stream()
    side.wait_stream(torch.cuda.current_stream())
    with torch.cuda.stream(side):
        for _ in range(3):
            forward()
    torch.cuda.current_stream().wait_stream(side)
    graph = torch.cuda.CUDAGraph()
    with torch.cuda.graph(graph):
        forward()
    return timed(graph.replay)


def train(precision, way, layout):
    torch.manual_seed(0)
    model = SegNeXt(a.size, a.classes).to(a.device).to(memory_format=layout).train()
    optimizer = optimizer_of(model)
    scaler = torch.amp.GradScaler(a.device, enabled=precision == 'fp16') if hasattr(torch.amp, 'GradScaler') \
        else torch.cuda.amp.GradScaler(enabled=gpu and precision == 'fp16')
    x = torch.randn(a.batch, 3, a.height, a.width, device=a.device).contiguous(memory_format=layout)
    y = torch.randint(0, a.classes, (a.batch, a.height, a.width), device=a.device)
    call = torch.compile(model) if way == 'compile' else model

    def step():
        optimizer.zero_grad()
        with cast(precision):
            logits = call(x)
        loss = loss_of(logits.float(), y)
        scaler.scale(loss).backward()
        scaler.step(optimizer)
        scaler.update()
        loss.item()

    return timed(step)


results = []
for precision in a.precisions.split(','):
    for way in a.ways.split(','):
        if not gpu and (way == 'graph' or precision == 'fp16') or a.task == 'train' and way == 'graph':
            continue
        if way == 'compile' and not hasattr(torch, 'compile'):
            continue
        # As released, and as one would tune it; the compiler chooses layouts by itself.
        layouts = [('contiguous', torch.contiguous_format), ('channels-last', torch.channels_last)]
        for name, layout in layouts if way == 'eager' else layouts[:1]:
            entry = {'precision': precision, 'way': way, 'layout': name}
            began = time.perf_counter()
            try:
                if gpu:
                    torch.cuda.reset_peak_memory_stats()
                entry['median_ms'] = (network if a.task == 'network' else train)(precision, way, layout)
                if gpu:
                    entry['device_memory_mb'] = torch.cuda.max_memory_allocated() / 2**20
            except Exception as error:  # noqa: BLE001 - noted in the table, and the rest goes on
                entry['fault'] = f'{type(error).__name__}: {error}'.splitlines()[0][:200]
            entry['seconds'] = round(time.perf_counter() - began, 1)
            results.append(entry)
            if gpu:
                torch.cuda.empty_cache()

print(json.dumps({
    'torch': torch.__version__, 'device': torch.cuda.get_device_name() if gpu else 'cpu', 'size': a.size, 'task': a.task, 'batch': a.batch,
    'height': a.height, 'width': a.width, 'classes': a.classes, 'results': results}))
