namespace SegNeXt.Kernels;

/// <content>The backward pass.</content>
public sealed unsafe partial class FeedForwardHalf
{
    /// <summary>Computes the gradients by x̂ and by the weights.</summary>
    /// <param name="x">The map.</param>
    /// <param name="hidden">What the forward pass kept.</param>
    /// <param name="dy">The gradient by the result.</param>
    /// <param name="dxn">Receives the gradient by x̂; the residual's own part is left to <see cref="BatchNormPass.Backward"/>.</param>
    /// <param name="gradients">Receive the gradients by the weights.</param>
    public void Backward(float* x, float* hidden, float* dy, float* dxn, FeedForwardWeights gradients)
    {
        int c = Channels;
        PackedMatrix[] reduce = _team.Rent(Slices, c, _slice);
        PackedMatrix[] expand = _team.Rent(Slices, _slice, c);
        float* scaled = ScaledReduce();
        _team.For(Slices, (_, s) =>
        {
            reduce[s].Fill(scaled + (s * _slice), _hidden, c);
            expand[s].Fill(_weights.Expand + ((nint)s * _slice * c), c, _slice);
        });
        float* taps = DepthWiseTaps(), flipped = DepthWiseTaps(flipped: true);
        PackedMatrix[] pixels = _team.Rent(_team.Threads, (_rows + 1) * _shape.Width, c);
        Sums sums = new(this);
        var lanes = new float*[_lanes.Length];
        for (int lane = 0; lane < lanes.Length; lane++)
        {
            lanes[lane] = _team.LaneSums(lane, LaneSlot, sums.Count);
        }

        _team.For(_lanes.Length, (thread, lane) =>
        {
            for (int s = 0; s < Slices; s++)
            {
                foreach (RowRange range in _lanes[lane])
                {
                    nint at = _shape.Offset(range.Image, range.First);
                    long count = (long)range.Rows * _shape.Width * c;
                    if (!_draw.Kept[range.Image])
                    {
                        Clear(dxn + at, s == 0 ? count : 0);
                        continue;
                    }

                    if (s == 0)
                    {
                        _team.Training.AddChannels(dy + at, (nint)range.Rows * _shape.Width, c, lanes[lane] + sums.Output);
                    }

                    Band band = new(this, thread, s, range, Plane(hidden, s, range.Image, kept: true), pixels[thread], lanes[lane], sums);
                    band.Run(x, dy, dxn, taps, flipped, reduce[s], expand[s]);
                }
            }
        });
        _team.Return(reduce);
        _team.Return(expand);
        _team.Return(pixels);
        sums.Finish(gradients);
    }

    /// <summary>Where a lane's sums for the weights' gradients lie in its buffer.</summary>
    private readonly struct Sums(FeedForwardHalf half)
    {
        private nint Hidden => half._hidden;

        private nint Matrix => Hidden * half.Channels;

        /// <summary>D [M, C]: fc2's gradient, transposed and without the layer scale and drop path's factor.</summary>
        public static nint Reduce => 0;

        /// <summary>fc1's gradient [M, C].</summary>
        public nint Expand => Matrix;

        /// <summary>fc1's bias's [M].</summary>
        public nint ExpandBias => 2 * Matrix;

        /// <summary>The depth-wise weights' [9, M].</summary>
        public nint DepthWise => ExpandBias + Hidden;

        /// <summary>Their bias's [M].</summary>
        public nint DepthWiseBias => DepthWise + (Taps * Hidden);

        /// <summary>Σ dy over the images that keep the branch [C].</summary>
        public nint Output => DepthWiseBias + Hidden;

        public long Count => Output + half.Channels;

        /// <summary>Adds the lanes up and writes the gradients in the weights' own layouts.</summary>
        public void Finish(FeedForwardWeights gradients)
        {
            FeedForwardHalf h = half;
            TrainingTeam team = h._team;
            int c = h.Channels, m = h._hidden, lanes = h._lanes.Length;
            float* total = team.Buffer(0, RingSlot, Count);
            team.AddLanes(lanes, LaneSlot, 0, Count, total);
            Copy(total + Expand, gradients.Expand, Matrix);
            Copy(total + ExpandBias, gradients.ExpandBias, m);
            Copy(total + DepthWiseBias, gradients.DepthWiseBias, m);
            for (int t = 0; t < Taps; t++)
            {
                for (int i = 0; i < m; i++)
                {
                    gradients.DepthWise[(i * Taps) + t] = total[DepthWise + ((nint)t * m) + i];
                }
            }

            float* d = total + Reduce;
            float* output = total + Output;
            FeedForwardWeights weights = h._weights;
            float factor = h._draw.Factor;
            team.For(c, (_, i) =>
            {
                float scale = weights.LayerScale[i] * factor;
                double byScale = (double)weights.ReduceBias[i] * output[i];
                nint row = (nint)i * m;
                for (nint k = 0; k < m; k++)
                {
                    float value = d[(k * c) + i];
                    gradients.Reduce[row + k] = value * scale;
                    byScale += (double)value * weights.Reduce[row + k];
                }

                gradients.ReduceBias[i] = output[i] * scale;
                gradients.LayerScale[i] = (float)(byScale * factor);
            });
        }
    }

    /// <summary>
    /// One slice of one range of rows, band by band. The gradient behind the depth-wise convolution is needed one row
    /// before and after a row, so it lives in a ring of rows; the rows of the neighbouring lanes next to this one's are
    /// computed here too, and counted there.
    /// </summary>
    private readonly struct Band
    {
        private readonly FeedForwardHalf _half;
        private readonly int _thread;
        private readonly int _s;
        private readonly RowRange _range;
        private readonly Halo _hidden;
        private readonly PackedMatrix _pixels;
        private readonly float* _sums;
        private readonly Sums _at;
        private readonly int _ringRows;
        private readonly float* _ring;

        public Band(FeedForwardHalf half, int thread, int s, RowRange range, float* plane, PackedMatrix pixels, float* sums, Sums at)
        {
            (_half, _thread, _s, _range, _pixels, _at) = (half, thread, s, range, pixels, at);
            _sums = sums;

            // The forward pass of all lanes is over: every row is in the map.
            _hidden = new Halo(half, thread, plane, new RowRange(range.Image, 0, half._shape.Height));
            _ringRows = half._rows + 2;
            float* ring = half._team.Buffer(thread, RingSlot, (_ringRows * half._rowStride) + half._slice);
            _ring = ring + half._slice;
            for (int r = 0; r <= _ringRows; r++)
            {
                Clear(ring + (r * half._rowStride), half._slice);
            }
        }

        private TrainingKernels Training => _half._team.Training;

        private KernelSet Kernels => _half._team.Kernels;

        public void Run(float* x, float* dy, float* dxn, float* taps, float* flipped, PackedMatrix reduce, PackedMatrix expand)
        {
            int first = Math.Max(0, _range.First - 1), end = Math.Min(_half._shape.Height, _range.End + 1);
            int done = _range.First;
            for (int row = first; row < end; row += _half._rows)
            {
                int last = Math.Min(row + _half._rows, end);
                Activation(row, last, dy, taps, reduce);
                int ready = last == end ? _range.End : Math.Min(_range.End, last - 1);
                if (ready > done)
                {
                    Input(done, ready, x, dxn, flipped, expand);
                    done = ready;
                }
            }
        }

        private float* RingRow(int row) => _ring + (row % _ringRows * _half._rowStride);

        /// <summary>From the result's gradient to that of the depth-wise convolution, in the ring, and the weights' of both.</summary>
        private void Activation(int first, int end, float* dy, float* taps, PackedMatrix reduce)
        {
            FeedForwardHalf h = _half;
            int slice = h._slice, width = h._shape.Width, c = h.Channels;
            nint row = (nint)width * slice;
            float* value = h._team.Buffer(_thread, BandSlot, h._rows * row);
            float* gradient = h._team.Buffer(_thread, GradientSlot, h._rows * row);
            float* from = dy + h._shape.Offset(_range.Image, first);
            Kernels.Product(MatrixRows.Plain(from, c, c), (end - first) * width, reduce, gradient, slice, near: true);
            for (int r = first; r < end; r++)
            {
                nint at = (r - first) * row;
                h.Convolve(_hidden, r, taps + ((nint)_s * slice), value + at);
                Training.GeluBackward(value + at, gradient + at, RingRow(r), row);
            }

            int counted = Math.Max(first, _range.First), pixels = (Math.Min(end, _range.End) - counted) * width;
            if (pixels <= 0)
            {
                return;
            }

            _pixels.Fill(from + ((nint)(counted - first) * width * c), c, pixels);
            float* sum = _sums + Sums.Reduce + ((nint)_s * slice * c);
            Kernels.ProductPlus(new MatrixRows(value + ((counted - first) * row), 1, pixels, slice, 1, 0), slice, _pixels, sum, sum, c);
            float** sources = stackalloc float*[Taps];
            for (int r = counted; r < Math.Min(end, _range.End); r++)
            {
                int count = _hidden.Sources(r, sources, out int firstTap);
                float* weights = _sums + _at.DepthWise + ((nint)_s * slice) + ((nint)firstTap * h._hidden);
                Training.DepthWiseGradient(sources, count, slice, RingRow(r), slice, width, slice, weights, h._hidden);
                Training.AddChannels(RingRow(r), width, slice, _sums + _at.DepthWiseBias + ((nint)_s * slice));
            }
        }

        /// <summary>From the ring to the gradient by x̂, and fc1's weights'.</summary>
        private void Input(int first, int end, float* x, float* dxn, float* flipped, PackedMatrix expand)
        {
            FeedForwardHalf h = _half;
            int slice = h._slice, width = h._shape.Width, c = h.Channels, pixels = (end - first) * width;
            float* gradient = h._team.Buffer(_thread, BackSlot, (h._rows + 1L) * width * slice);
            float* noBias = flipped + ((nint)Taps * h._hidden);
            Span<TapRun> runs = stackalloc TapRun[Across];
            for (int r = first; r < end; r++)
            {
                int count = 0;
                for (int y = Math.Max(0, r - 1); y <= Math.Min(h._shape.Height - 1, r + 1); y++)
                {
                    runs[count++] = new TapRun(RingRow(y) - slice, Across);
                }

                float* weights = flipped + ((nint)_s * slice) + ((r == 0 ? 3 : 0) * (nint)h._hidden);
                Training.DepthWise(runs[..count], weights, h._hidden, noBias, slice, gradient + ((nint)(r - first) * width * slice), slice, width, slice);
            }

            nint at = h._shape.Offset(_range.Image, first);
            MatrixRows rows = MatrixRows.Plain(gradient, slice, slice);
            if (_s == 0)
            {
                Kernels.Product(rows, pixels, expand, dxn + at, c);
            }
            else
            {
                Kernels.ProductPlus(rows, pixels, expand, dxn + at, dxn + at, c);
            }

            float* input = h._team.Buffer(_thread, InputSlot, (h._rows + 1L) * (width + 1) * c);
            h.Normalise(x + at, input, pixels);
            _pixels.Fill(input, c, pixels);
            float* sum = _sums + _at.Expand + ((nint)_s * slice * c);
            Kernels.ProductPlus(new MatrixRows(gradient, 1, pixels, slice, 1, 0), slice, _pixels, sum, sum, c);
            Training.AddChannels(gradient, pixels, slice, _sums + _at.ExpandBias + ((nint)_s * slice));
        }
    }
}
