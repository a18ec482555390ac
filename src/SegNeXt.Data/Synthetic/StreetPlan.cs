namespace SegNeXt.Data;

/// <summary>The lie of one street: widths in metres across, from its middle.</summary>
internal sealed record StreetPlan
{
    /// <summary>Height of the pavement over the road.</summary>
    public const float KerbHeight = 0.12f;

    /// <summary>How far ahead the street is drawn.</summary>
    public const float Length = 260f;

    /// <summary>Width of one lane.</summary>
    public required float LaneWidth { get; init; }

    /// <summary>Lanes in each direction.</summary>
    public required int Lanes { get; init; }

    /// <summary>Width of the strip for parked cars along each kerb; 0 if there is none.</summary>
    public required float Parking { get; init; }

    /// <summary>Width of each pavement.</summary>
    public required float Pavement { get; init; }

    /// <summary>Where a cross street begins, or infinity.</summary>
    public required float CrossingStart { get; init; }

    /// <summary>Where it ends.</summary>
    public required float CrossingEnd { get; init; }

    /// <summary>From the middle to the kerb.</summary>
    public float Kerb => (Lanes * LaneWidth) + Parking;

    /// <summary>From the middle to the fronts of the buildings.</summary>
    public float Front => Kerb + Pavement;

    /// <summary>Draws a street.</summary>
    public static StreetPlan Draw(ref SampleRandom random)
    {
        bool crossed = random.NextBool(0.4);
        float start = crossed ? (float)random.NextDouble(14, 40) : float.PositiveInfinity;
        return new StreetPlan
        {
            LaneWidth = (float)random.NextDouble(2.8, 3.4),
            Lanes = random.NextBool(0.85) ? 1 : 2,
            Parking = random.NextBool(0.45) ? 2.1f : 0f,
            Pavement = (float)random.NextDouble(2.6, 5.0),
            CrossingStart = start,
            CrossingEnd = crossed ? start + (float)random.NextDouble(8, 12) : float.PositiveInfinity,
        };
    }

    /// <summary>Whether a stretch of the street touches the cross street.</summary>
    public bool IsCrossing(float from, float to) => from < CrossingEnd && to > CrossingStart;
}
