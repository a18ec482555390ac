"""The released model's graph in PyTorch eager as a worker of the comparison; SegNeXt.Peers/Worker.cs says what it answers."""
import argparse
import sys
import time

import torch

import safetensors_file
from segnext_torch import SegNeXt

p = argparse.ArgumentParser()
p.add_argument('--task', default='network', choices=['network'])
p.add_argument('--size', default='t')
p.add_argument('--weights', required=True)
p.add_argument('--picture', required=True, help='raw RGB bytes')
p.add_argument('--height', type=int, default=512)
p.add_argument('--width', type=int, default=512)
p.add_argument('--threads', type=int, default=2)
p.add_argument('--layout', default='contiguous', choices=['contiguous', 'channels-last'])
p.add_argument('--warmup-runs', type=int, default=5)
p.add_argument('--warmup-seconds', type=float, default=3)
a = p.parse_args()

torch.set_num_threads(a.threads)
weights = safetensors_file.read(a.weights)
bases = weights.pop('decode_head.hamburger.ham.bases')
model = SegNeXt(a.size, len(weights['decode_head.conv_seg.bias']))
model.load_state_dict(weights, strict=True)
model.decode_head.hamburger.ham.fixed_bases = bases
model.eval()

with open(a.picture, 'rb') as file:
    pixels = torch.frombuffer(bytearray(file.read()), dtype=torch.uint8)
x = pixels.reshape(1, a.height, a.width, 3).permute(0, 3, 1, 2).to(torch.float32)
x = (x - torch.tensor([123.675, 116.28, 103.53]).reshape(1, 3, 1, 1)) / torch.tensor([58.395, 57.12, 57.375]).reshape(1, 3, 1, 1)
layout = torch.channels_last if a.layout == 'channels-last' else torch.contiguous_format
x = x.contiguous(memory_format=layout)
model = model.to(memory_format=layout)


@torch.no_grad()
def run():
    return model(x)


began = time.perf_counter()
done = 0
while done < a.warmup_runs or time.perf_counter() - began < a.warmup_seconds:
    logits = run()
    done += 1

print('ready', torch.__version__, flush=True)
for line in sys.stdin:
    command, _, rest = line.strip().partition(' ')
    if command == 'run':
        times = []
        for _ in range(int(rest)):
            start = time.perf_counter()
            logits = run()
            times.append((time.perf_counter() - start) * 1e3)
        print(' '.join(map(repr, times)), flush=True)
    elif command == 'dump':
        with open(rest, 'wb') as file:
            file.write(logits.contiguous().numpy().tobytes())
        print('done', flush=True)
    elif command == 'peak':
        with open('/proc/self/status') as file:
            print(next(text for text in file if text.startswith('VmHWM:')).split()[1], flush=True)
