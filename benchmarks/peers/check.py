"""Holds the peer's graph against the released code's numbers (tests/golden) before anything is timed."""
import os
import sys

import torch

import safetensors_file
from segnext_torch import SegNeXt

TOLERANCE = 1e-4
GOLDEN = os.path.join(os.path.dirname(os.path.abspath(__file__)), '..', '..', 'tests', 'golden')


def read(name):
    return safetensors_file.read(os.path.join(GOLDEN, name))


model = SegNeXt(dict(dims=[16, 32, 40, 64], depths=[1, 1, 2, 1], ratios=[8, 8, 4, 4], ham=32, rank=16, drop_path=0), 7)
model.load_state_dict(read('tiny.safetensors'), strict=True)
model.eval()
golden = read('forward_tiny_odd.safetensors')
model.decode_head.hamburger.ham.fixed_bases = golden['33x47.nmf_bases']
with torch.no_grad():
    difference = (model(golden['33x47.x']) - golden['33x47.logits']).abs().max().item()
print(f'peer graph: largest difference of the logits from the released code {difference:.1e}', file=sys.stderr)
sys.exit(difference > TOLERANCE)
