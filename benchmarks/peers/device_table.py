"""Puts what the steps of scripts/verify-cuda.sh left in a folder into one table, table.md, and its figures into table.json."""
import glob
import json
import os
import sys

folder = sys.argv[1]
ORDER = ['fp32', 'bf16', 'fp16']


def text(name):
    path = os.path.join(folder, name)
    return open(path, encoding='utf-8').read().strip() if os.path.exists(path) else ''


def load(name):
    """A step's JSON; None where there is none. A step may fail and still have said what it found."""
    out = text(f'{name}.out')
    start = out.find('{')
    try:
        return json.loads(out[start:]) if start >= 0 else None
    except ValueError:
        return None


def names(prefix):
    return sorted(os.path.basename(path)[:-4] for path in glob.glob(os.path.join(folder, f'{prefix}*.out')))


def number(value, digits=2):
    return '–' if value is None else f'{value:.{digits}f}'


lines, data = ['# ' + (text('machine.out').splitlines() or ['An unknown machine'])[0], ''], {'machine': text('machine.out').splitlines()}
lines += [f'- {line.strip()}' for line in data['machine'][1:]] + ['']


def table(title, header, rows):
    if rows:
        lines.extend([f'## {title}', '', '| ' + ' | '.join(header) + ' |', '|' + '---|' * len(header)])
        lines.extend('| ' + ' | '.join(row) + ' |' for row in rows)
        lines.append('')


data['checks'] = [check for check in (load(f'check-{precision}') for precision in ORDER) if check]
table('Numbers, beside the released code\'s and the CPU\'s in fp32', ['', 'relative difference', 'may be', ''], [
    [c['what'], '–' if c['difference'] is None else f"{c['difference']:.1e}", f"{c['tolerance']:.1e}", 'agrees' if c['passes'] else c['fault'] or '**differs**']
    for check in data['checks'] for c in check['comparisons']])

sizes = [name[len('network-'):] for name in names('network-') if not name.endswith('-torch')]
data['network'], rows = {}, []
for size in sizes:
    ours, theirs = load(f'network-{size}'), load(f'network-{size}-torch')
    data['network'][size] = {'here': ours, 'torch': theirs}
    found = theirs['results'] if theirs else []
    for run in (ours or {}).get('runs', []):
        def peer(way):
            times = [r['median_ms'] for r in found if r['precision'] == run['precision'] and r['way'] == way and 'median_ms' in r]
            return min(times) if times else None

        best = min((t for t in map(peer, ('eager', 'graph', 'compile')) if t), default=None)
        same = peer('graph' if run['cuda_graph'] else 'eager')
        mine = run['network']['median_ms']
        rows.append([
            f"{size.upper()} {run['precision']}{', graph' if run['cuda_graph'] else ''}", number(mine), number(run['network_images_per_second'], 1),
            number(run['images_per_second'], 1), number(peer('eager')), number(peer('graph')), number(peer('compile')),
            '–' if not (mine and same) else f'{same / mine:.2f}', '–' if not (mine and best) else f'{best / mine:.2f}'])
first = next((n['here'] for n in data['network'].values() if n['here']), None)
table(f"Inference, one picture of {first['size'] if first else '?'}; milliseconds (the better of two layouts for PyTorch)", [
    '', 'here', 'frames/s', 'JPEG to class ids, frames/s', 'PyTorch eager', 'graph', 'compiled', 'PyTorch the same way ÷ here', 'its best ÷ here'], rows)
strange = sorted({(size, r['precision']) for size, n in data['network'].items() for r in (n['torch'] or {}).get('results', []) if r.get('finite') is False})
if strange:
    lines += ['The released graph under autocast gives infinity or NaN: ' + ', '.join(f'{s.upper()} {f}' for s, f in strange) + '.', '']

rows, data['train'] = [], {}
for size in sizes:
    theirs = load(f'train-{size}-torch')
    data['train'][size] = {'torch': theirs}
    for precision in ORDER:
        ours = load(f'train-{size}-{precision}')
        if ours is None and not text(f'train-{size}-{precision}.fault'):
            continue
        data['train'][size][precision] = ours
        found = [r for r in (theirs or {}).get('results', []) if r['precision'] == precision and 'median_ms' in r]
        eager, compiled = (min((r['median_ms'] for r in found if r['way'] == way), default=None) for way in ('eager', 'compile'))
        memory = min((r.get('device_memory_mb', float('inf')) for r in found if r['way'] == 'eager'), default=None)
        mine = ours['step']['median_ms'] if ours else None
        rows.append([
            f'{size.upper()} {precision}', number(mine, 1), number(ours['images_per_second'] if ours else None, 1), number(ours.get('device_memory_mb') if ours else None, 0),
            number(eager, 1), number(compiled, 1), number(memory if memory != float('inf') else None, 0), '–' if not (mine and eager) else f'{eager / mine:.2f}'])
table('A training step; milliseconds', ['', 'here', 'images/s', 'MB', 'PyTorch eager', 'compiled', 'MB', 'eager ÷ here'], rows)

rows, data['camvid'] = [], {}
for name in names('eval-'):
    found, (_, trained, how) = load(name), name.split('-')
    data['camvid'][name] = found
    rows.append([trained, how, number(found['mIoU'], 4) if found else '–', number(found['aAcc'], 4) if found else '–', text(f'camvid-{trained}.seconds'), number(found['images'] / found['seconds'], 1) if found else '–'])
table('CamVid, SegNeXt-T from random weights', ['trained in', 'evaluated in', 'mIoU', 'aAcc', 'training, s', 'evaluation, images/s'], rows)

faults = {os.path.basename(path)[:-6]: open(path, encoding='utf-8').read().strip() for path in sorted(glob.glob(os.path.join(folder, '*.fault')))}
data['faults'] = faults
if faults:
    lines += ['## What failed', ''] + [f'- {name}: {fault}' for name, fault in faults.items()] + ['']
data['seconds'] = {os.path.basename(path)[:-8]: int(open(path).read()) for path in glob.glob(os.path.join(folder, '*.seconds'))}
for name, content in (('table.md', '\n'.join(lines)), ('table.json', json.dumps(data, indent=1))):
    with open(os.path.join(folder, name), 'w', encoding='utf-8') as file:
        file.write(content)
print('\n'.join(lines))
