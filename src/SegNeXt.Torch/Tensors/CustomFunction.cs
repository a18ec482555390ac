using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace SegNeXt.Torch;

/// <summary>
/// A function whose derivative is given, not recorded: <see cref="Forward"/> computes outputs by any means, libtorch's or
/// not, and a backward pass asks <see cref="Backward"/> for what reaches the inputs. What <c>torch.autograd.Function</c>
/// is in PyTorch.
/// </summary>
/// <remarks>
/// Tensors that the derivative needs go through <see cref="FunctionContext.SaveForBackward"/>, which frees them after the
/// pass; a tensor held in a field of the function may keep the whole graph alive for ever. A backward pass may run on
/// another thread (on a GPU it does). An exception in <see cref="Backward"/> ends the pass and comes out of the call that
/// started it. Derivatives of the derivative are not available.
/// </remarks>
public abstract class CustomFunction
{
    /// <summary>Computes the function and records it for backward passes.</summary>
    /// <param name="inputs">What it is computed from; at least one that requires a gradient, or nothing is recorded.</param>
    /// <returns>The outputs, new objects.</returns>
    /// <exception cref="TorchException">libtorch refused; exceptions of <see cref="Forward"/> come out as they are.</exception>
    public Tensor[] Apply(params IReadOnlyList<Tensor> inputs)
    {
        ArgumentNullException.ThrowIfNull(inputs);
        bool recording = Autograd.Enabled;
        bool[] needs = [.. inputs.Select(input => recording && input.RequiresGrad)];
        using TensorScope scope = new();
        FunctionContext context = new(needs, []);
        Tensor[] outputs;
        using (Autograd.NoGrad())
        {
            outputs = Forward(context, inputs);
        }

        Tensor[] results = context.NeedsAnyGradient
            ? Record(context, inputs, outputs)
            : Array.ConvertAll(outputs, static output => output.Share());
        foreach (Tensor result in results)
        {
            scope.Keep(result);
        }

        return results;
    }

    /// <summary>Computes the outputs; operations in it are not recorded.</summary>
    /// <param name="context">What passes from here to <see cref="Backward"/>.</param>
    /// <param name="inputs">The inputs.</param>
    /// <returns>At least one tensor; whatever else is created here is disposed.</returns>
    protected abstract Tensor[] Forward(FunctionContext context, IReadOnlyList<Tensor> inputs);

    /// <summary>Computes the derivative; operations in it are not recorded.</summary>
    /// <param name="context">What was saved.</param>
    /// <param name="gradients">The derivative of the final result by each output; zeros where it does not depend on it.</param>
    /// <returns>
    /// One entry per input, of its shape: the derivative of the final result by it, or null where it is zero or
    /// <see cref="FunctionContext.NeedsGradient"/> says no.
    /// </returns>
    protected abstract Tensor?[] Backward(FunctionContext context, IReadOnlyList<Tensor> gradients);

    private unsafe Tensor[] Record(FunctionContext context, IReadOnlyList<Tensor> inputs, Tensor[] outputs)
    {
        using HandleList inputHandles = new(inputs);
        using HandleList outputHandles = new(outputs);
        using HandleList savedHandles = new(context.Saved);
        nint[] results = new nint[outputs.Length];
        Call call = new(this, context.NeedsGradients);

        // From here on native code owns the handle, and releases it also when it fails.
        nint state = GCHandle.ToIntPtr(GCHandle.Alloc(call));
        Native.CustomFunction(
            inputHandles.Pointers, inputHandles.Count, outputHandles.Pointers, outputHandles.Count, savedHandles.Pointers,
            savedHandles.Count, &OnBackward, &OnRelease, state, results);
        return Array.ConvertAll(results, static pointer => new Tensor(new TensorHandle(pointer)));
    }

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static unsafe long OnBackward(
        nint state, nint* outputs, int outputCount, nint* saved, int savedCount, nint* inputs, int inputCount)
    {
        try
        {
            using TensorScope scope = new();
            Tensor[] gradients = Own(outputs, outputCount);
            Tensor[] kept = Own(saved, savedCount);
            var call = (Call)GCHandle.FromIntPtr(state).Target!;
            using GradMode noGrad = Autograd.NoGrad();
            Tensor?[] results = call.Function.Backward(new FunctionContext(call.NeedsGradients, kept), gradients);
            if (results.Length != inputCount)
            {
                throw new InvalidOperationException(
                    $"{call.Function.GetType().Name}.Backward gave {results.Length} gradients for {inputCount} inputs.");
            }

            for (int i = 0; i < inputCount; i++)
            {
                inputs[i] = results[i] is { } gradient ? gradient.Share().Handle.Surrender() : 0;
            }

            return 0;
        }
#pragma warning disable CA1031 // No exception may cross into native code; this one goes on where the pass was started.
        catch (Exception error)
#pragma warning restore CA1031
        {
            return CallbackErrors.Hold(error);
        }
    }

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static void OnRelease(nint state) => GCHandle.FromIntPtr(state).Free();

    private static unsafe Tensor[] Own(nint* handles, int count)
    {
        var tensors = new Tensor[count];
        for (int i = 0; i < count; i++)
        {
            tensors[i] = new Tensor(new TensorHandle(handles[i]));
        }

        return tensors;
    }

    /// <summary>What native code keeps of an application.</summary>
    private sealed record Call(CustomFunction Function, bool[] NeedsGradients);
}
