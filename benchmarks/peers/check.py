"""Holds the peer's graph against the released code's numbers (tests/golden) before anything is timed."""
import json
import os
import struct
import sys

import torch

from segnext_torch import SegNeXt

TOLERANCE = 1e-4
GOLDEN = os.path.join(os.path.dirname(os.path.abspath(__file__)), '..', '..', 'tests', 'golden')
TYPES = {'F32': torch.float32, 'I64': torch.int64, 'U8': torch.uint8}


def read(name):
    with open(os.path.join(GOLDEN, name), 'rb') as file:
        data = file.read()
    length = struct.unpack('<Q', data[:8])[0]
    header = json.loads(data[8:8 + length])
    body = data[8 + length:]
    tensors = {}
    for key, entry in header.items():
        if key != '__metadata__':
            begin, end = entry['data_offsets']
            flat = torch.frombuffer(bytearray(body[begin:end]), dtype=TYPES[entry['dtype']])
            tensors[key] = flat.reshape(entry['shape'])
    return tensors


model = SegNeXt(dict(dims=[16, 32, 40, 64], depths=[1, 1, 2, 1], ratios=[8, 8, 4, 4], ham=32, rank=16, drop_path=0), 7)
model.load_state_dict(read('tiny.safetensors'), strict=True)
model.eval()
golden = read('forward_tiny_odd.safetensors')
model.decode_head.hamburger.ham.fixed_bases = golden['33x47.nmf_bases']
with torch.no_grad():
    difference = (model(golden['33x47.x']) - golden['33x47.logits']).abs().max().item()
print(f'peer graph: largest difference of the logits from the released code {difference:.1e}', file=sys.stderr)
sys.exit(difference > TOLERANCE)
