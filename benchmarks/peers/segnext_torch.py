"""The graph of the released SegNeXt code in plain PyTorch: the peer of the timing runs.

Written from the paper (arXiv:2209.08575) and the released code's parameter names, with the released code's order of
operations where it costs time: tokens between blocks (flatten and transpose), layer norm on tokens, NMF by bmm with
random bases. No mmcv is needed. `--check FILE` compares its logits with golden data before any timing.
"""
import math

import torch
from torch import nn
from torch.nn import functional as F

SIZES = {
    't': dict(dims=[32, 64, 160, 256], depths=[3, 3, 5, 2], ratios=[8, 8, 4, 4], ham=256, rank=16, drop_path=0.1),
    's': dict(dims=[64, 128, 320, 512], depths=[2, 2, 4, 2], ratios=[8, 8, 4, 4], ham=256, rank=16, drop_path=0.1),
    'b': dict(dims=[64, 128, 320, 512], depths=[3, 3, 12, 3], ratios=[8, 8, 4, 4], ham=512, rank=64, drop_path=0.1),
    'l': dict(dims=[64, 128, 320, 512], depths=[3, 5, 27, 3], ratios=[8, 8, 4, 4], ham=1024, rank=64, drop_path=0.3),
}


class DWConv(nn.Module):
    def __init__(self, dim):
        super().__init__()
        self.dwconv = nn.Conv2d(dim, dim, 3, 1, 1, groups=dim)

    def forward(self, x):
        return self.dwconv(x)


class Mlp(nn.Module):
    def __init__(self, dim, hidden):
        super().__init__()
        self.fc1 = nn.Conv2d(dim, hidden, 1)
        self.dwconv = DWConv(hidden)
        self.fc2 = nn.Conv2d(hidden, dim, 1)

    def forward(self, x):
        return self.fc2(F.gelu(self.dwconv(self.fc1(x))))


class Attention(nn.Module):
    def __init__(self, dim):
        super().__init__()
        self.conv0 = nn.Conv2d(dim, dim, 5, padding=2, groups=dim)
        for i, k in enumerate((7, 11, 21)):
            setattr(self, f'conv{i}_1', nn.Conv2d(dim, dim, (1, k), padding=(0, k // 2), groups=dim))
            setattr(self, f'conv{i}_2', nn.Conv2d(dim, dim, (k, 1), padding=(k // 2, 0), groups=dim))
        self.conv3 = nn.Conv2d(dim, dim, 1)

    def forward(self, x):
        a = self.conv0(x)
        s = a + self.conv0_2(self.conv0_1(a)) + self.conv1_2(self.conv1_1(a)) + self.conv2_2(self.conv2_1(a))
        return self.conv3(s) * x


class SpatialAttention(nn.Module):
    def __init__(self, dim):
        super().__init__()
        self.proj_1 = nn.Conv2d(dim, dim, 1)
        self.spatial_gating_unit = Attention(dim)
        self.proj_2 = nn.Conv2d(dim, dim, 1)

    def forward(self, x):
        return self.proj_2(self.spatial_gating_unit(F.gelu(self.proj_1(x)))) + x


class Block(nn.Module):
    def __init__(self, dim, ratio, drop_path):
        super().__init__()
        self.norm1 = nn.BatchNorm2d(dim)
        self.attn = SpatialAttention(dim)
        self.norm2 = nn.BatchNorm2d(dim)
        self.mlp = Mlp(dim, dim * ratio)
        self.layer_scale_1 = nn.Parameter(1e-2 * torch.ones(dim))
        self.layer_scale_2 = nn.Parameter(1e-2 * torch.ones(dim))
        self.drop_path = drop_path

    def drop(self, x):
        if not self.training or self.drop_path == 0:
            return x
        keep = 1 - self.drop_path
        return x * x.new_empty((x.shape[0], 1, 1, 1)).bernoulli_(keep).div_(keep)

    def forward(self, x, h, w):
        b, n, c = x.shape
        x = x.permute(0, 2, 1).view(b, c, h, w)
        x = x + self.drop(self.layer_scale_1.unsqueeze(-1).unsqueeze(-1) * self.attn(self.norm1(x)))
        x = x + self.drop(self.layer_scale_2.unsqueeze(-1).unsqueeze(-1) * self.mlp(self.norm2(x)))
        return x.view(b, c, n).permute(0, 2, 1)


class Stem(nn.Module):
    def __init__(self, dim):
        super().__init__()
        self.proj = nn.Sequential(
            nn.Conv2d(3, dim // 2, 3, 2, 1), nn.BatchNorm2d(dim // 2), nn.GELU(),
            nn.Conv2d(dim // 2, dim, 3, 2, 1), nn.BatchNorm2d(dim))

    def forward(self, x):
        x = self.proj(x)
        h, w = x.shape[2:]
        return x.flatten(2).transpose(1, 2), h, w


class PatchEmbed(nn.Module):
    def __init__(self, c, dim):
        super().__init__()
        self.proj = nn.Conv2d(c, dim, 3, 2, 1)
        self.norm = nn.BatchNorm2d(dim)

    def forward(self, x):
        x = self.norm(self.proj(x))
        h, w = x.shape[2:]
        return x.flatten(2).transpose(1, 2), h, w


class MSCAN(nn.Module):
    def __init__(self, dims, depths, ratios, drop_path):
        super().__init__()
        rates = torch.linspace(0, drop_path, sum(depths)).tolist()
        for i in range(4):
            setattr(self, f'patch_embed{i + 1}', Stem(dims[0]) if i == 0 else PatchEmbed(dims[i - 1], dims[i]))
            start = sum(depths[:i])
            blocks = [Block(dims[i], ratios[i], rates[start + j]) for j in range(depths[i])]
            setattr(self, f'block{i + 1}', nn.ModuleList(blocks))
            setattr(self, f'norm{i + 1}', nn.LayerNorm(dims[i]))
        for m in self.modules():
            if isinstance(m, nn.Conv2d):
                fan_out = m.kernel_size[0] * m.kernel_size[1] * m.out_channels / m.groups
                nn.init.normal_(m.weight, 0, math.sqrt(2 / fan_out))
                nn.init.zeros_(m.bias)

    def forward(self, x):
        outs = []
        for i in range(1, 5):
            x, h, w = getattr(self, f'patch_embed{i}')(x)
            for block in getattr(self, f'block{i}'):
                x = block(x, h, w)
            x = getattr(self, f'norm{i}')(x)
            x = x.reshape(x.shape[0], h, w, -1).permute(0, 3, 1, 2).contiguous()
            outs.append(x)
        return outs


class NMF2D(nn.Module):
    def __init__(self, rank):
        super().__init__()
        self.rank = rank
        self.fixed_bases = None

    def forward(self, x):
        b, d, h, w = x.shape
        x = x.view(b, d, h * w)
        bases = self.fixed_bases
        if bases is None:
            bases = F.normalize(torch.rand((b, d, self.rank), device=x.device), dim=1)
        bases = bases.expand(b, -1, -1)
        coef = F.softmax(torch.bmm(x.transpose(1, 2), bases), dim=-1)
        for _ in range(6 if self.training else 7):
            coef = self.update_coef(x, bases, coef)
            numerator = torch.bmm(x, coef)
            denominator = bases.bmm(coef.transpose(1, 2).bmm(coef))
            bases = bases * numerator / (denominator + 1e-6)
        coef = self.update_coef(x, bases, coef)
        return torch.bmm(bases, coef.transpose(1, 2)).view(b, d, h, w)

    @staticmethod
    def update_coef(x, bases, coef):
        numerator = torch.bmm(x.transpose(1, 2), bases)
        denominator = coef.bmm(bases.transpose(1, 2).bmm(bases))
        return coef * numerator / (denominator + 1e-6)


class ConvModule(nn.Module):
    def __init__(self, c_in, c_out, groups=None):
        super().__init__()
        self.conv = nn.Conv2d(c_in, c_out, 1, bias=groups is None)
        self.gn = nn.GroupNorm(groups, c_out) if groups else None
        nn.init.kaiming_normal_(self.conv.weight, mode='fan_out')

    def forward(self, x):
        x = self.conv(x)
        return self.gn(x) if self.gn is not None else x


class Hamburger(nn.Module):
    def __init__(self, dim, rank):
        super().__init__()
        self.ham_in = ConvModule(dim, dim)
        self.ham = NMF2D(rank)
        self.ham_out = ConvModule(dim, dim, 32)

    def forward(self, x):
        y = F.relu(self.ham_in(x), inplace=True)
        y = self.ham_out(self.ham(y))
        return F.relu(x + y, inplace=True)


class HamHead(nn.Module):
    def __init__(self, dims, ham, rank, classes):
        super().__init__()
        self.conv_seg = nn.Conv2d(ham, classes, 1)
        self.dropout = nn.Dropout2d(0.1)
        self.squeeze = ConvModule(sum(dims[1:]), ham, 32)
        self.hamburger = Hamburger(ham, rank)
        self.align = ConvModule(ham, ham, 32)
        nn.init.normal_(self.conv_seg.weight, std=0.01)
        nn.init.zeros_(self.conv_seg.bias)

    def forward(self, stages):
        levels = stages[1:]
        levels = [F.interpolate(s, size=levels[0].shape[2:], mode='bilinear', align_corners=False) for s in levels]
        x = F.relu(self.squeeze(torch.cat(levels, 1)), inplace=True)
        x = F.relu(self.align(self.hamburger(x)), inplace=True)
        return self.conv_seg(self.dropout(x))


class SegNeXt(nn.Module):
    def __init__(self, size='t', classes=150):
        super().__init__()
        s = SIZES[size] if isinstance(size, str) else size
        self.backbone = MSCAN(s['dims'], s['depths'], s['ratios'], s['drop_path'])
        self.decode_head = HamHead(s['dims'], s['ham'], s['rank'], classes)

    def forward(self, x):
        return self.decode_head(self.backbone(x))


def loss_of(logits, labels):
    """Cross entropy at label size averaged over all pixels, ignored ones too: the released default."""
    logits = F.interpolate(logits, size=labels.shape[1:], mode='bilinear', align_corners=False)
    return F.cross_entropy(logits, labels, reduction='none', ignore_index=255).mean()


def optimizer_of(model, lr=6e-5, decay=0.01):
    """AdamW with the official per-parameter groups: head ×10, norms of blocks and stages without decay."""
    groups = []
    for name, parameter in model.named_parameters():
        head, norm = 'head' in name, 'norm' in name
        groups.append(dict(params=[parameter], lr=lr * (10 if head else 1), weight_decay=0 if norm and not head else decay))
    return torch.optim.AdamW(groups, lr=lr, betas=(0.9, 0.999), weight_decay=decay)
