namespace SegNeXt.Core;

/// <summary>A decoder's part of a model's JSON: the fields that its kind has.</summary>
internal static class DecoderJson
{
    public static ModelConfigDocument.DecoderDocument ToDocument(DecoderConfig decoder)
    {
        bool hasContext = DecoderTypes.HasContext(decoder.Type);
        bool isHam = decoder.Type == DecoderTypes.Ham;
        return new ModelConfigDocument.DecoderDocument
        {
            Type = decoder.Type,
            Channels = decoder.Channels,
            HamChannels = hasContext ? decoder.HamChannels : null,
            NmfRank = isHam ? decoder.NmfRank : null,
            NmfTrainSteps = isHam ? decoder.NmfTrainSteps : null,
            NmfEvalSteps = isHam ? decoder.NmfEvalSteps : null,
            GroupNormGroups = hasContext ? decoder.GroupNormGroups : null,
            Dropout = decoder.Dropout,
            InputStages = decoder.InputStages,
        };
    }

    /// <exception cref="InputException">A field that the decoder's kind needs is missing.</exception>
    public static DecoderConfig ToConfig(ModelConfigDocument.DecoderDocument document, string where)
    {
        DecoderConfig basis = new() { Channels = document.Channels ?? throw Missing("channels") };
        string type = document.Type ?? basis.Type;
        return basis with
        {
            Type = type,
            HamChannels = document.HamChannels ?? (DecoderTypes.HasContext(type) ? throw Missing("ham_channels") : basis.HamChannels),
            NmfRank = document.NmfRank ?? (type == DecoderTypes.Ham ? throw Missing("nmf_rank") : basis.NmfRank),
            NmfTrainSteps = document.NmfTrainSteps ?? basis.NmfTrainSteps,
            NmfEvalSteps = document.NmfEvalSteps ?? basis.NmfEvalSteps,
            GroupNormGroups = document.GroupNormGroups ?? basis.GroupNormGroups,
            Dropout = document.Dropout ?? basis.Dropout,
            InputStages = document.InputStages ?? basis.InputStages,
        };

        InputException Missing(string field) => new($"{where}: model config: the field decoder.{field} is missing.");
    }
}
