"""Reads safetensors files into torch tensors; a few lines, so that no further package is needed."""
import json
import struct

import torch

TYPES = {'F32': torch.float32, 'I64': torch.int64, 'U8': torch.uint8}


def read(path):
    with open(path, 'rb') as file:
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
