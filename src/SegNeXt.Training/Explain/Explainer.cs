using System.Globalization;
using SegNeXt.Core;
using SegNeXt.Data;
using SegNeXt.Models;
using SegNeXt.Torch;

namespace SegNeXt.Training;

/// <summary>Shows where a network looks for a class: Grad-CAM of a segmentation model or an image classifier, on libtorch.</summary>
public sealed class Explainer : IDisposable
{
    private readonly SegmentationModel? _segmenter;
    private readonly MscanClassifier? _classifier;
    private readonly Device _device;
    private readonly Normalize _normaliser;

    // At which a classifier sees a picture unless a box is given.
    private readonly int _shorterSide;

    private Explainer(SegmentationModel? segmenter, MscanClassifier? classifier, int shorterSide, Device device, LoadReport loaded)
    {
        (_segmenter, _classifier, _shorterSide, _device, Loaded) = (segmenter, classifier, shorterSide, device, loaded);
        Config = segmenter?.Config ?? classifier!.Config;
        _normaliser = new Normalize(Config.Mean, Config.Std);
    }

    /// <summary>What the model is.</summary>
    public ModelConfig Config { get; }

    /// <summary>What loading the weights had to say.</summary>
    public LoadReport Loaded { get; }

    /// <summary>Opens a model file.</summary>
    /// <param name="weights">A <c>.safetensors</c> or official <c>.pth</c> file of a segmentation model or an image classifier.</param>
    /// <param name="options">Device and threads.</param>
    /// <exception cref="InputException">The file or the device cannot be used.</exception>
    public static Explainer Open(string weights, EngineOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        using ITensorSource source = TensorFiles.Open(weights);
        bool segments = ModelInspector.Recover(source).Config.Decoder is not null;
        Device device = TorchSetup.Open(options.Device, options.Threads);
        using Generator generator = new(0);
        if (segments)
        {
            (SegmentationModel model, LoadReport report) = ModelLoader.OpenSegmentationModel(source, generator);
            return new Explainer(Place(model, device), null, 0, device, report);
        }

        (MscanClassifier classifier, LoadReport loaded) = ModelLoader.OpenClassifier(source, generator);
        ClassificationTest test = ClassificationTest.Of(source.Metadata);
        return new Explainer(null, Place(classifier, device), Math.Min(test.Height, test.Width), device, loaded);
    }

    /// <summary>Why the model cannot answer a question, whatever the picture.</summary>
    /// <param name="options">Class, layer and pixels.</param>
    /// <returns>A sentence; null where it can.</returns>
    public string? Refusal(ExplainOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        if (options.ClassId < 0 || options.ClassId >= Config.NumClasses)
        {
            return $"There is no class {options.ClassId}; the model's {Config.NumClasses} classes are counted from 0.";
        }

        if (_classifier is not null && (options.Region is not null || options.Over is not null))
        {
            return "An image classifier gives one score for the whole picture: a region or a choice of pixels goes with a segmentation model.";
        }

        return GradCam.Refusal(Config, options.Layer);
    }

    /// <summary>Computes the map of a picture.</summary>
    /// <param name="image">The picture.</param>
    /// <param name="options">Class, layer and pixels.</param>
    /// <exception cref="InputException">The model has no such class or layer, the region leaves the picture, or no pixel is taken for the class.</exception>
    public Explanation Explain(RgbImage image, ExplainOptions options)
    {
        ArgumentNullException.ThrowIfNull(image);
        ArgumentNullException.ThrowIfNull(options);
        Check(image, options);
        RgbImage seen = Fit(image, options);
        RequireMemory(seen, options.Layer);

        using TensorScope scope = new();
        float[] values = new float[3L * seen.Height * seen.Width];
        _normaliser.Apply(seen, values);
        Tensor x = Tensor.FromArray<float>(values, [1, 3, seen.Height, seen.Width]).To(_device).To(MemoryFormat.ChannelsLast);
        ClassActivation activation;
        PixelScore? score = null;
        double probability = 0;
        if (_segmenter is not null)
        {
            score = new PixelScore(options, image, seen);
            activation = GradCam.Explain(_segmenter, x, options.Layer, score.Of);
        }
        else
        {
            activation = GradCam.Explain(_classifier!, x, options.Layer, logits =>
            {
                probability = logits.Detach().Softmax(1).Narrow(1, options.ClassId, 1).Sum().Item();
                return logits.Narrow(1, options.ClassId, 1).Sum();
            });
        }

        float[] map = ImageResize.BilinearFloat(activation.Values, activation.Width, activation.Height, 1, image.Width, image.Height);
        float most = map.Max();
        if (most > 0)
        {
            for (int i = 0; i < map.Length; i++)
            {
                map[i] /= most;
            }
        }

        return new Explanation(image.Width, image.Height, map, activation, score?.Over, score?.Pixels ?? 1, score?.Predicted ?? probability);
    }

    /// <summary>The class that an image classifier finds in a picture.</summary>
    /// <param name="image">The picture.</param>
    /// <param name="options">The box that it is fitted into, if any; the class does not count.</param>
    /// <exception cref="InputException">The model is no classifier.</exception>
    public int Classify(RgbImage image, ExplainOptions options)
    {
        ArgumentNullException.ThrowIfNull(image);
        ArgumentNullException.ThrowIfNull(options);
        if (_classifier is null)
        {
            throw new InputException("A segmentation model finds many classes in a picture; say which one is to be explained.");
        }

        RgbImage seen = Fit(image, options);
        using GradMode noGrad = Autograd.NoGrad();
        using TensorScope scope = new();
        float[] values = new float[3L * seen.Height * seen.Width];
        _normaliser.Apply(seen, values);
        return (int)_classifier.Forward(Tensor.FromArray<float>(values, [1, 3, seen.Height, seen.Width]).To(_device)).ArgMax(1).Item();
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _segmenter?.Dispose();
        _classifier?.Dispose();
    }

    private static T Place<T>(T model, Device device)
        where T : Module
    {
        model.To(device);
        model.To(MemoryFormat.ChannelsLast);
        return model;
    }

    /// <summary>
    /// Refuses a picture that cannot pass: beside what a prediction takes, the maps behind the layer are kept. Measured with
    /// SegNeXt-T at 1440×1080 pixels: 1,300 bytes a pixel behind stage 1, 370 behind stage 4, and 170 for a prediction.
    /// </summary>
    private void RequireMemory(RgbImage seen, ExplainedLayer layer)
    {
        double factor = layer switch
        {
            ExplainedLayer.Stage1 => 8,
            ExplainedLayer.Stage2 => 6,
            ExplainedLayer.Stage3 => 4,
            ExplainedLayer.Stage4 => 2.5,
            _ => 1.5,
        };
        double needed = factor * ActivationMemory.Estimate(Config, seen.Height, seen.Width);
        double available = GC.GetGCMemoryInfo().TotalAvailableMemoryBytes;
        if (_device.Type == DeviceType.Cpu && needed > available)
        {
            throw new InputException(string.Create(
                CultureInfo.InvariantCulture,
                $"a map of {layer.ToString().ToLowerInvariant()} for {seen.Width}×{seen.Height} pixels needs about {needed / 1e9:0.0} GB of memory, and there are {available / 1e9:0.0}; make the picture smaller with --resize WxH."));
        }
    }

    private void Check(RgbImage image, ExplainOptions options)
    {
        if (Refusal(options) is { } refusal)
        {
            throw new InputException(refusal);
        }

        if (options.Region is { } region
            && (region.X < 0 || region.Y < 0 || region.Width < 1 || region.Height < 1
                || (long)region.X + region.Width > image.Width || (long)region.Y + region.Height > image.Height))
        {
            throw new InputException($"The region {region.X},{region.Y},{region.Width},{region.Height} (x, y, width, height) leaves the picture of {image.Width}×{image.Height} pixels.");
        }
    }

    private RgbImage Fit(RgbImage image, ExplainOptions options)
    {
        double factor = options is { BoxWidth: > 0, BoxHeight: > 0 }
            ? Math.Min((double)options.BoxWidth / image.Width, (double)options.BoxHeight / image.Height)
            : _classifier is not null ? (double)_shorterSide / Math.Min(image.Width, image.Height) : 1;
        return ImageResize.Bilinear(
            image, Math.Max(1, (int)Math.Round(image.Width * factor)), Math.Max(1, (int)Math.Round(image.Height * factor)));
    }
}
