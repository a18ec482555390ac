using SegNeXt.Core;
using SegNeXt.Kernels;

namespace SegNeXt.Inference;

/// <summary>
/// The decoder (paper, Section 3.2; <c>LightHamHead</c> of the released <c>ham_head.py</c>) in another order of the same
/// linear steps: each level is squeezed at its own resolution and resized after, since a 1×1 convolution and a bilinear
/// resize commute; and <c>ham_out</c> is applied to the bases instead of to their products with the coefficients.
/// </summary>
internal sealed unsafe class DecoderPasses : IDisposable
{
    private readonly KernelSet _kernels;
    private readonly FactorisationPasses _factorisation;
    private readonly PackedMatrix _backProjection;

    public DecoderPasses(PlanBuilder plan, Map[] levels, DecoderWeights weights, ModelConfig config)
    {
        _kernels = plan.Kernels;
        DecoderConfig decoder = config.Decoder!;
        Arena arena = plan.Arena;
        int height = levels[0].Height, width = levels[0].Width, pixels = height * width;
        int ham = _kernels.Pad(decoder.HamChannels), channels = _kernels.Pad(decoder.Channels);
        Chunks chunks = new(pixels);

        // Squeezed coarse levels, then all at the finest resolution.
        var squeezed = new Map[levels.Length];
        float* s = arena.Take((long)pixels * ham);
        for (int i = 1; i < levels.Length; i++)
        {
            squeezed[i] = arena.TakeMap(levels[i].Height, levels[i].Width, ham, 0);
            AddSqueeze(plan, levels[i], squeezed[i], weights.Squeeze[i]);
        }

        GroupNormPass squeezeNorm = new(plan, weights.SqueezeNorm, height, pixels);
        AddFinestSqueeze(plan, levels[0], squeezed, Map.At(s, height, width, ham, 0), weights.Squeeze[0], squeezeNorm);
        squeezeNorm.AddFinish(plan);

        float* x = arena.Take((long)pixels * ham);

        // A chunk of x is read for the last time right before its aligned values are there.
        float* aligned = ham == channels ? x : arena.Take((long)pixels * channels);
        _factorisation = new FactorisationPasses(plan, x, ham, chunks, weights.Bases, decoder.HamChannels, decoder.NmfRank, decoder.NmfEvalSteps);
        _factorisation.AddStart(plan);
        plan.Add("ham_in, nmf first", chunks.Count, (thread, chunk) =>
        {
            foreach ((int start, int count) in chunks.Pieces(chunk))
            {
                nint at = (nint)start * ham;
                _kernels.ScaleShiftRelu(s + at, null, squeezeNorm.Scale, squeezeNorm.Shift, s + at, count, ham);
                _kernels.ProductRelu(MatrixRows.Plain(s + at, ham, ham), count, weights.HamIn, x + at, ham);
                _factorisation.FirstRound(thread, chunk, start, count);
            }
        });

        _factorisation.AddRounds(plan);

        _backProjection = _kernels.CreateMatrix(decoder.NmfRank, decoder.HamChannels);
        float* projected = arena.Take((long)decoder.NmfRank * ham);
        plan.Add("ham_out of bases", 1, (_, _) =>
        {
            MatrixRows transposed = new(_factorisation.Bases, 1, decoder.HamChannels, _factorisation.Stride, 1, 0);
            _kernels.Product(transposed, decoder.NmfRank, weights.HamOut, projected, ham);
            _backProjection.Fill(projected, ham, decoder.NmfRank);
        });

        GroupNormPass hamNorm = new(plan, weights.HamNorm, chunks.Count, pixels);
        plan.Add("ham_out", chunks.Count, (_, chunk) =>
        {
            foreach ((int start, int count) in chunks.Pieces(chunk))
            {
                MatrixRows rows = MatrixRows.Plain(_factorisation.CoefficientsOf(start), _factorisation.Stride, decoder.NmfRank);
                _kernels.Product(rows, count, _backProjection, x + ((nint)start * ham), ham);
                hamNorm.Observe(chunk, start == chunks.Start(chunk), count, x + ((nint)start * ham));
            }
        });
        hamNorm.AddFinish(plan);

        GroupNormPass alignNorm = new(plan, weights.AlignNorm, chunks.Count, pixels);
        plan.Add("align", chunks.Count, (_, chunk) =>
        {
            foreach ((int start, int count) in chunks.Pieces(chunk))
            {
                float* input = s + ((nint)start * ham);
                float* output = aligned + ((nint)start * channels);
                _kernels.ScaleShiftRelu(x + ((nint)start * ham), input, hamNorm.Scale, hamNorm.Shift, input, count, ham);
                _kernels.Product(MatrixRows.Plain(input, ham, ham), count, weights.Align, output, channels);
                alignNorm.Observe(chunk, start == chunks.Start(chunk), count, output);
            }
        });
        alignNorm.AddFinish(plan);

        // Nobody reads s any more: where the scores fit, they lie there.
        int scores = weights.Classifier.PaddedColumns;
        Logits = scores <= ham ? Map.At(s, height, width, scores, 0) : arena.TakeMap(height, width, scores, 0);
        Map logits = Logits;
        plan.Add("classifier", chunks.Count, (_, chunk) =>
        {
            foreach ((int start, int count) in chunks.Pieces(chunk))
            {
                float* rows = aligned + ((nint)start * channels);
                float* target = logits.Row(0) + ((nint)start * logits.Channels);
                _kernels.ScaleShiftRelu(rows, null, alignNorm.Scale, alignNorm.Shift, rows, count, channels);
                _kernels.Product(MatrixRows.Plain(rows, channels, channels), count, weights.Classifier, target, logits.Channels);
            }
        });
    }

    /// <summary>The scores, classes last and filled up to whole vectors.</summary>
    public Map Logits { get; }

    public void Dispose()
    {
        _factorisation.Dispose();
        _backProjection.Dispose();
    }

    private void AddSqueeze(PlanBuilder plan, Map level, Map squeezed, PackedMatrix weights) =>
        plan.AddBands("squeeze", level.Height, 1, (_, from, to) =>
        {
            for (int y = from; y < to; y++)
            {
                _kernels.Product(MatrixRows.Plain(level.Row(y), level.Channels, level.Channels), level.Width, weights, squeezed.Row(y), squeezed.Channels);
            }
        });

    /// <summary>The finest level squeezed, plus the coarser ones resized to it, row by row.</summary>
    private void AddFinestSqueeze(PlanBuilder plan, Map level, Map[] squeezed, Map output, PackedMatrix weights, GroupNormPass norm)
    {
        var rows = new ResizeTable[squeezed.Length];
        var columns = new ResizeTable[squeezed.Length];
        long widest = 0;
        for (int i = 1; i < squeezed.Length; i++)
        {
            rows[i] = new(squeezed[i].Height, output.Height);
            columns[i] = new(squeezed[i].Width, output.Width);
            widest = Math.Max(widest, (long)squeezed[i].Width * squeezed[i].Channels);
        }

        ThreadScratch scratch = plan.TakeScratch(widest);
        plan.AddBands("squeeze, resize", output.Height, 1, (thread, from, to) =>
        {
            float* mixed = scratch.Of(thread);
            for (int y = from; y < to; y++)
            {
                _kernels.Product(MatrixRows.Plain(level.Row(y), level.Channels, level.Channels), level.Width, weights, output.Row(y), output.Channels);
                for (int i = 1; i < squeezed.Length; i++)
                {
                    Map map = squeezed[i];
                    _kernels.Mix(map.Row(rows[i].First[y]), map.Row(rows[i].Second[y]), rows[i].Fraction[y], mixed, (nint)map.Width * map.Channels);
                    _kernels.AddMix(mixed, columns[i].First, columns[i].Second, columns[i].Fraction, output.Row(y), output.Width, output.Channels);
                }

                norm.Observe(y, first: true, output.Width, output.Row(y));
            }
        });
    }
}
