using SegNeXt.Core;

namespace SegNeXt.Training.Tests;

public sealed class LossFormulaTests
{
    [Theory]
    [InlineData("cross_entropy", "cross_entropy")]
    [InlineData("Dice", "dice")]
    [InlineData(" 1*focal ", "focal")]
    [InlineData("cross_entropy + 0.5*dice", "cross_entropy + 0.5*dice")]
    [InlineData("1e-1*ohem+.5 * lovasz+2.*dice", "0.1*ohem + 0.5*lovasz + 2*dice")]
    [InlineData("2e+0*dice", "2*dice")]
    public void Parse_Formula_IsWrittenInOneWay(string text, string expected)
    {
        LossFormula formula = LossFormula.Parse(text);

        Assert.Equal(expected, formula.ToString());
        Assert.Equal(formula, LossFormula.Parse(formula.ToString()));
        Assert.Equal(formula.GetHashCode(), LossFormula.Parse(expected).GetHashCode());
    }

    [Fact]
    public void Parse_Sum_HasItsTermsInOrder()
    {
        Assert.Equal([new LossTerm(1, LossKind.Ohem), new LossTerm(0.5, LossKind.Dice)], LossFormula.Parse("ohem + 0.5*dice").Terms);
        Assert.NotEqual(LossFormula.Parse("ohem"), LossFormula.Parse("2*ohem"));
    }

    [Theory]
    [InlineData("focl", "there is no loss 'focl'; did you mean 'focal'?")]
    [InlineData("hinge", "there is no loss 'hinge'; the losses are cross_entropy, ohem, focal, dice, lovasz")]
    [InlineData("dice + dice", "the loss 'dice' is named twice; give it once, with its weight")]
    [InlineData("cross_entropy + 0*dice", "the weight of the loss 'dice' must be above 0, not 0")]
    [InlineData("-1*dice", "the weight of the loss 'dice' must be above 0, not -1")]
    [InlineData("1e999*dice", "the weight of the loss 'dice' must be above 0, not 1e999")]
    [InlineData("", "'' is no loss; expected one of cross_entropy, ohem, focal, dice, lovasz, or a sum such as cross_entropy + 0.5*dice")]
    [InlineData("dice +", "'dice +' is no loss; expected one of cross_entropy, ohem, focal, dice, lovasz, or a sum such as cross_entropy + 0.5*dice")]
    [InlineData("dice*0.5", "'dice*0.5' is no loss; expected one of cross_entropy, ohem, focal, dice, lovasz, or a sum such as cross_entropy + 0.5*dice")]
    [InlineData("dice lovasz", "'dice lovasz' is no loss; expected one of cross_entropy, ohem, focal, dice, lovasz, or a sum such as cross_entropy + 0.5*dice")]
    [InlineData("0.5 dice", "'0.5 dice' is no loss; expected one of cross_entropy, ohem, focal, dice, lovasz, or a sum such as cross_entropy + 0.5*dice")]
    [InlineData("+ dice", "'+ dice' is no loss; expected one of cross_entropy, ohem, focal, dice, lovasz, or a sum such as cross_entropy + 0.5*dice")]
    public void Parse_NoFormula_SaysWhat(string text, string message) =>
        Assert.Equal(message, Assert.Throws<InputException>(() => LossFormula.Parse(text)).Message);

    [Fact]
    public void Load_Yaml_TakesAListOrATextAndNamesTheLine()
    {
        LossSettings loss = Load("train.loss=[cross_entropy, 0.5*dice]", "train.class_weights=Median_Frequency").Train.Loss;
        Assert.Equal(LossFormula.Parse("cross_entropy + 0.5*dice"), loss.Formula);
        Assert.Equal(ClassWeighting.MedianFrequency, loss.ClassWeights);
        Assert.Equal(ClassWeighting.Of([1, 2.5]), Load("train.class_weights=[1, 2.5]").Train.Loss.ClassWeights);
        Assert.Equal(ClassWeighting.None, Load("train.class_weights=[1]", "train.class_weights=null").Train.Loss.ClassWeights);

        Fails("train.loss=focl", "--set train.loss=focl: 'train.loss': there is no loss 'focl'; did you mean 'focal'?");
        Fails("train.loss=null", "--set train.loss=null: 'train.loss': '' is no loss; expected one of cross_entropy, ohem, focal, dice, lovasz, or a sum such as cross_entropy + 0.5*dice.");
        const string Expected = "'train.class_weights' must be median_frequency, inverse_frequency, a list of a number of at least 0 for each class, or null";
        Fails("train.class_weights=median", $"--set train.class_weights=median: {Expected}, not 'median'.");
        Fails("train.class_weights=[1, -2]", $"--set train.class_weights=[1, -2]: {Expected}, not '[1, -2]'.");
        Fails("train.class_weights=[]", $"--set train.class_weights=[]: {Expected}, not '[]'.");
        Fails("train.activation_checkpointing=layers", "--set train.activation_checkpointing=layers: 'train.activation_checkpointing' must be none, stages or blocks, not 'layers'.");
        Fails("train.ohem_threshold=2", "--set train.ohem_threshold=2: 'train.ohem_threshold' must be a number from 0 to 1, or null, not '2'.");
    }

    private static RunConfig Load(params string[] sets) => RunConfig.FromOptions("d", "t", sets);

    private static void Fails(string set, string message) => Assert.Equal(message, Assert.Throws<InputException>(() => Load(set)).Message);
}
