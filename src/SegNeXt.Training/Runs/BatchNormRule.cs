using SegNeXt.Core;

namespace SegNeXt.Training;

/// <summary>
/// Batch norm learns nothing useful from one image at a time: at 1/32 of a small crop a channel has a single value, whose
/// variance is 0, and elsewhere the statistics are those of one picture, which evaluation does not have.
/// </summary>
internal static class BatchNormRule
{
    /// <summary>Refuses batches of one image, as long as a batch norm would take its statistics from them.</summary>
    /// <param name="train">The settings.</param>
    /// <param name="model">MSCAN has batch norms, a Mix Transformer none; decoders with squeeze and align have group norms, the others batch norms.</param>
    /// <exception cref="InputException">It would; the message names what helps.</exception>
    public static void Require(TrainSettings train, ModelConfig model)
    {
        bool encoderNormalises = model.Mscan is not null && train.Freeze != FrozenPart.Encoder;
        bool decoderNormalises = model.Decoder is { } decoder && !DecoderTypes.HasContext(decoder.Type);
        if (train.Batch == 1 && !train.NormEval && (encoderNormalises || decoderNormalises))
        {
            throw new InputException(
                "train.batch is 1, but batch norm needs at least 2 images at a time: raise train.batch (train.accumulate does not help, each of its parts is normalised by itself), " +
                $"or start from trained weights (model.init) and keep their statistics by train.norm_eval=true{(decoderNormalises ? "" : " or train.freeze=encoder")}.");
        }
    }
}
