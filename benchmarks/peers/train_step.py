"""Times a training step of the released model's graph in PyTorch eager; prints one JSON object.

    python3 train_step.py --size t --batch 2 --height 360 --width 480 --classes 11 --threads 2 --steps 10
"""
import argparse
import json
import statistics
import time

import torch

from segnext_torch import SegNeXt, loss_of, optimizer_of

p = argparse.ArgumentParser()
p.add_argument('--size', default='t')
p.add_argument('--batch', type=int, default=2)
p.add_argument('--height', type=int, default=360)
p.add_argument('--width', type=int, default=480)
p.add_argument('--classes', type=int, default=11)
p.add_argument('--threads', type=int, default=2)
p.add_argument('--steps', type=int, default=10)
p.add_argument('--warmup', type=int, default=2)
p.add_argument('--channels-last', action='store_true')
a = p.parse_args()

torch.set_num_threads(a.threads)
torch.manual_seed(0)
model = SegNeXt(a.size, a.classes).train()
if a.channels_last:
    model = model.to(memory_format=torch.channels_last)
optimizer = optimizer_of(model)
x = torch.randn(a.batch, 3, a.height, a.width)
if a.channels_last:
    x = x.contiguous(memory_format=torch.channels_last)
y = torch.randint(0, a.classes, (a.batch, a.height, a.width))
times = []
for step in range(a.warmup + a.steps):
    start = time.perf_counter()
    optimizer.zero_grad()
    loss = loss_of(model(x), y)
    loss.backward()
    optimizer.step()
    loss.item()
    if step >= a.warmup:
        times.append((time.perf_counter() - start) * 1e3)
times.sort()
print(json.dumps({'engine': 'PyTorch ' + torch.__version__, 'step': {
    'median_ms': statistics.median(times), 'p95_ms': times[min(len(times) - 1, int(len(times) * 0.95))]}}))
