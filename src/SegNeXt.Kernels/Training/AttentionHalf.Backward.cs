namespace SegNeXt.Kernels;

/// <content>The backward pass.</content>
public sealed unsafe partial class AttentionHalf
{
    /// <summary>Computes the gradients by x̂ and by the weights.</summary>
    /// <param name="x">The map.</param>
    /// <param name="projected">What the forward pass kept.</param>
    /// <param name="local">What the forward pass kept.</param>
    /// <param name="sum">What the forward pass kept.</param>
    /// <param name="dy">The gradient by the result.</param>
    /// <param name="dxn">Receives the gradient by x̂; the residual's own part is left to <see cref="BatchNormPass.Backward"/>.</param>
    /// <param name="gradients">Receive the gradients by the weights.</param>
    /// <param name="work"><see cref="BackwardWork"/> numbers to work with.</param>
    public void Backward(
        float* x, float* projected, float* local, float* sum, float* dy, float* dxn, AttentionWeights gradients, float* work)
    {
        int c = Channels;
        float* activation = work;
        float* spread = activation + _planes.Count; // ds, in planes
        float* gate = spread + _planes.Count; // du by the gate
        float* convolved = gate + _shape.Count; // du by the convolutions
        float* kernels = convolved + _shape.Count;
        RowRange[][] lanes = RowRange.Lanes(_shape, _team.Lanes);
        for (int lane = 0; lane < lanes.Length; lane++)
        {
            _team.LaneSums(lane, SumsSlot, SumsCount);
        }

        PackedMatrix[] pixels = _team.Rent(_team.Threads, _rows * _shape.Width, c);
        BackThroughGate(lanes, pixels, x, projected, sum, dy, activation, spread, gate);
        new Span<float>(kernels, checked(_shape.Batch * AttentionTaps.Rows * c)).Clear();
        float* taps = Taps();
        PlaneConvolution[] convolutions = Convolutions();
        _team.For(_shape.Batch * _planes.Planes, (thread, item) =>
        {
            (int image, int plane) = Math.DivRem(item, _planes.Planes);
            if (_draw.Kept[image])
            {
                BackThroughStrips(thread, convolutions[thread], taps, image, plane, activation, local, spread, convolved, kernels);
            }
        });
        BackThroughProjection(lanes, pixels, x, projected, dy, gate, convolved, dxn);
        _team.Return(pixels);
        for (int image = 1; image < _shape.Batch; image++)
        {
            _team.Kernels.Add(kernels + (image * (nint)AttentionTaps.Rows * c), kernels, (nint)AttentionTaps.Rows * c);
        }

        AttentionTaps.Unpack(kernels, c, gradients);
        FinishMatrices(lanes.Length, gradients);
    }

    // A lane's sums: the gradients of proj_1, conv3 and proj_2 (without the layer scale and drop path's factor), of the
    // biases of the first two, then Σ dy and Σ dy·x̂.
    private nint Matrix => (nint)Channels * Channels;

    private nint MixAt => Matrix;

    private nint ProjectOutAt => 2 * Matrix;

    private nint ProjectInBiasAt => 3 * Matrix;

    private nint MixBiasAt => ProjectInBiasAt + Channels;

    private nint OutputAt => MixBiasAt + Channels;

    private nint ShortcutAt => OutputAt + Channels;

    private long SumsCount => ShortcutAt + Channels;

    private void ForBands(RowRange[][] lanes, Action<int, nint, RowRange> body) => _team.For(lanes.Length, (thread, lane) =>
    {
        foreach (RowRange band in lanes[lane].SelectMany(Bands))
        {
            body(thread, (nint)_team.LaneBuffer(lane, SumsSlot), band);
        }
    });

    /// <summary>From y to s, and to u by the gate.</summary>
    private void BackThroughGate(
        RowRange[][] lanes, PackedMatrix[] packed, float* x, float* projected, float* sum, float* dy, float* activation, float* spread, float* gate)
    {
        int c = Channels;
        PackedMatrix mix = _team.Rent(c, c), mixBack = _team.Rent(c, c), output = _team.Rent(c, c);
        mix.FillTransposed(_weights.Mix, c);
        new ReadOnlySpan<float>(_weights.MixBias, c).CopyTo(mix.Bias);
        mixBack.Fill(_weights.Mix, c, c);
        output.Fill(ScaledProjectOut(), c, c);
        TrainingKernels training = _team.Training;
        KernelSet products = _team.Kernels;
        ForBands(lanes, (thread, sumsAt, band) =>
        {
            if (!_draw.Kept[band.Image])
            {
                return;
            }

            float* sums = (float*)sumsAt;
            int pixels = band.Rows * _shape.Width;
            nint at = _shape.Offset(band.Image, band.First), count = (nint)pixels * c;
            float* e = dy + at;
            float* s = sum + at;
            float* u = Band(thread, ActivationSlot);
            float* t = Band(thread, MixedSlot);
            float* v = Band(thread, GateSlot);
            float* d = Band(thread, GradientSlot);
            PackedMatrix right = packed[thread];
            products.Gelu(projected + at, u, count);
            _planes.Scatter(training, u, band, activation);
            products.Product(MatrixRows.Plain(s, c, c), pixels, mix, t, c);
            training.Multiply(t, u, v, count);
            AddOuter(e, v, pixels, right, sums + ProjectOutAt);
            training.AddChannels(e, pixels, c, sums + OutputAt);
            float* input = Band(thread, NormalisedSlot);
            Normalise(x + at, input, pixels);
            training.AddProducts(e, input, pixels, c, sums + ShortcutAt);

            products.Product(MatrixRows.Plain(e, c, c), pixels, output, d, c);
            training.Multiply(d, t, gate + at, count);
            training.Multiply(d, u, d, count);
            AddOuter(d, s, pixels, right, sums + MixAt);
            training.AddChannels(d, pixels, c, sums + MixBiasAt);
            float* ds = Band(thread, SpreadSlot);
            products.Product(MatrixRows.Plain(d, c, c), pixels, mixBack, ds, c);
            _planes.Scatter(training, ds, band, spread);
        });
        _team.Return(mix, mixBack, output);
    }

    /// <summary>From s to u by the strips and the 5×5 kernel, one plane, and their weights' gradients.</summary>
    private void BackThroughStrips(
        int thread, PlaneConvolution convolution, float* taps, int image, int plane, float* activation, float* local, float* spread, float* convolved, float* kernels)
    {
        int c = Channels, strips = AttentionTaps.Strips.Length;
        nint row = _planes.RowStride;
        float* w = taps + (plane * PlaneShape.Pixel);
        float* zeros = w + ((AttentionTaps.Rows + 1) * (nint)c);
        float* gradient = kernels + (image * (nint)AttentionTaps.Rows * c) + (plane * PlaneShape.Pixel);
        float* biases = gradient + (AttentionTaps.Biases * (nint)c);
        float* u = _planes.Start(activation, image, plane);
        float* a = _planes.Start(local, image, plane);
        float* ds = _planes.Start(spread, image, plane);
        float** back = stackalloc float*[strips];
        for (int i = 0; i < strips; i++)
        {
            int k = AttentionTaps.Strips[i], rowKernel = 1 + (2 * i), columnKernel = 2 + (2 * i);
            nint columnAt = AttentionTaps.First[columnKernel] * (nint)c;
            float* strip = StripRow(thread, convolution, i, w, a);
            convolution.Clear().Kernel(strip, k, 1, null, 0).AddGradient(ds, gradient + columnAt, c);
            AddPlane(ds, biases + ((nint)columnKernel * c));

            back[i] = ThreadPlane(thread, BackSlot, i, strips + 1);
            convolution.Clear().Kernel(ds, k, 1, w + columnAt + ((k - 1) * (nint)c), -c).Run(zeros, back[i], row, PlaneShape.Pixel);
            ClearBorders(back[i]);
            convolution.Clear().Kernel(a, 1, k, null, 0).AddGradient(back[i], gradient + (AttentionTaps.First[rowKernel] * (nint)c), c);
            AddPlane(back[i], biases + ((nint)rowKernel * c));
        }

        // The gradient by a: what came straight to s, and through the three pairs.
        float* da = ThreadPlane(thread, BackSlot, strips, strips + 1);
        convolution.Clear().Tap(ds, 0, 0, w + (AttentionTaps.Rows * (nint)c));
        for (int i = 0; i < strips; i++)
        {
            int k = AttentionTaps.Strips[i];
            convolution.Kernel(back[i], 1, k, w + ((AttentionTaps.First[1 + (2 * i)] + k - 1) * (nint)c), -c);
        }

        convolution.Run(zeros, da, row, PlaneShape.Pixel);
        ClearBorders(da);
        const int Square = AttentionTaps.Square;
        convolution.Clear().Kernel(u, Square, Square, null, 0).AddGradient(da, gradient, c);
        AddPlane(da, biases);
        convolution.Clear().Kernel(da, Square, Square, w + (((Square * Square) - 1) * (nint)c), -c)
            .Run(zeros, convolved + _shape.Offset(image, 0) + (plane * PlaneShape.Pixel), (nint)_shape.Width * c, c);
    }

    /// <summary>From u to x̂ through GELU and proj_1, with the inner shortcut.</summary>
    private void BackThroughProjection(
        RowRange[][] lanes, PackedMatrix[] packed, float* x, float* projected, float* dy, float* gate, float* convolved, float* dxn)
    {
        int c = Channels;
        PackedMatrix matrix = _team.Rent(c, c);
        matrix.Fill(_weights.ProjectIn, c, c);
        float* shortcut = _team.LaneSums(0, FactorSlot, c);
        for (int i = 0; i < c; i++)
        {
            shortcut[i] = _weights.LayerScale[i] * _draw.Factor;
        }

        ForBands(lanes, (thread, sumsAt, band) =>
        {
            float* sums = (float*)sumsAt;
            int pixels = band.Rows * _shape.Width;
            nint at = _shape.Offset(band.Image, band.First), count = (nint)pixels * c;
            if (!_draw.Kept[band.Image])
            {
                new Span<float>(dxn + at, (int)count).Clear();
                return;
            }

            float* d = Band(thread, GradientSlot);
            _team.Training.GeluGradientOfSum(projected + at, gate + at, convolved + at, d, count);
            _team.Kernels.ProductPlusScaled(MatrixRows.Plain(d, c, c), pixels, matrix, dy + at, shortcut, dxn + at, c);
            float* input = Band(thread, NormalisedSlot);
            Normalise(x + at, input, pixels);
            AddOuter(d, input, pixels, packed[thread], sums);
            _team.Training.AddChannels(d, pixels, c, sums + ProjectInBiasAt);
        });
        _team.Return(matrix);
    }

    /// <summary>target[o, i] += Σ over pixels of left[p, o] · right[p, i].</summary>
    private void AddOuter(float* left, float* right, int pixels, PackedMatrix packed, float* target)
    {
        int c = Channels;
        packed.Fill(right, c, pixels);
        _team.Kernels.ProductPlus(new MatrixRows(left, 1, pixels, c, 1, 0), c, packed, target, target, c);
    }

    private void AddPlane(float* plane, float* target)
    {
        for (int y = 0; y < _shape.Height; y++)
        {
            _team.Training.AddChannels(plane + (y * _planes.RowStride), _shape.Width, PlaneShape.Pixel, target);
        }
    }

    private void ClearBorders(float* plane)
    {
        for (int y = 0; y < _shape.Height; y++)
        {
            _planes.ClearBorders(plane + (y * _planes.RowStride));
        }
    }

    private void FinishMatrices(int lanes, AttentionWeights gradients)
    {
        int c = Channels;
        float* total = _team.Buffer(0, StripSlot, SumsCount);
        _team.AddLanes(lanes, SumsSlot, 0, SumsCount, total);
        Copy(total, gradients.ProjectIn, Matrix);
        Copy(total + MixAt, gradients.Mix, Matrix);
        Copy(total + ProjectInBiasAt, gradients.ProjectInBias, c);
        Copy(total + MixBiasAt, gradients.MixBias, c);
        for (int o = 0; o < c; o++)
        {
            // The layer scale's gradient is Σ dy ∘ (proj_2(v) + x̂), taken apart into sums that are there already.
            double byScale = ((double)_weights.ProjectOutBias[o] * total[OutputAt + o]) + total[ShortcutAt + o];
            float scale = _weights.LayerScale[o] * _draw.Factor;
            for (nint i = (nint)o * c; i < (o + 1) * (nint)c; i++)
            {
                float value = total[ProjectOutAt + i];
                gradients.ProjectOut[i] = value * scale;
                byScale += (double)value * _weights.ProjectOut[i];
            }

            gradients.ProjectOutBias[o] = total[OutputAt + o] * scale;
            gradients.LayerScale[o] = (float)(byScale * _draw.Factor);
        }
    }
}
