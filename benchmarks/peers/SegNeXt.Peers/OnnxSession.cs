using System.Runtime.InteropServices;
using System.Text;
using static SegNeXt.Peers.OnnxRuntimeLibrary;

namespace SegNeXt.Peers;

/// <summary>A session of ONNX Runtime on the CPU, with all optimisations, for a graph of one float32 input and one output.</summary>
public sealed unsafe class OnnxSession : IDisposable
{
    private const int AllOptimisations = 99;
    private const int FloatElements = 1;
    private const int ArenaAllocator = 1;

    private static nint s_environment;
    private static nint s_memory;

    private readonly byte[] _input;
    private readonly byte[] _output;
    private nint _session;

    /// <summary>Opens a file; <see cref="OnnxRuntimeLibrary.Load"/> was called before.</summary>
    /// <param name="path">An ONNX file.</param>
    /// <param name="input">The input's name.</param>
    /// <param name="output">The output's name.</param>
    /// <param name="threads">Threads of an operation; operations run one after the other.</param>
    /// <param name="spinning">Whether idle threads wait actively, ONNX Runtime's default, which is fastest on a machine of its own.</param>
    public OnnxSession(string path, string input, string output, int threads, bool spinning = true)
    {
        _input = Utf8(input);
        _output = Utf8(output);
        if (s_environment == 0)
        {
            nint environment, memory;
            fixed (byte* name = Utf8("SegNeXt"))
            {
                const int Errors = 3;
                Check(((delegate* unmanaged<int, byte*, nint*, nint>)Address(Function.CreateEnv))(Errors, name, &environment));
            }

            Check(((delegate* unmanaged<int, int, nint*, nint>)Address(Function.CreateCpuMemoryInfo))(ArenaAllocator, 0, &memory));
            (s_environment, s_memory) = (environment, memory);
        }

        nint options, session;
        Check(((delegate* unmanaged<nint*, nint>)Address(Function.CreateSessionOptions))(&options));
        Check(((delegate* unmanaged<nint, int, nint>)Address(Function.SetSessionGraphOptimizationLevel))(options, AllOptimisations));
        Check(((delegate* unmanaged<nint, int, nint>)Address(Function.SetIntraOpNumThreads))(options, threads));
        Check(((delegate* unmanaged<nint, int, nint>)Address(Function.SetInterOpNumThreads))(options, 1));
        fixed (byte* key = Utf8("session.intra_op.allow_spinning"), value = Utf8(spinning ? "1" : "0"), file = Utf8(path))
        {
            Check(((delegate* unmanaged<nint, byte*, byte*, nint>)Address(Function.AddSessionConfigEntry))(options, key, value));
            Check(((delegate* unmanaged<nint, byte*, nint, nint*, nint>)Address(Function.CreateSession))(s_environment, file, options, &session));
        }

        ((delegate* unmanaged<nint, void>)Address(Function.ReleaseSessionOptions))(options);
        _session = session;
    }

    /// <summary>Runs the graph.</summary>
    /// <typeparam name="T">Type of the output's elements.</typeparam>
    /// <param name="picture">The input's elements.</param>
    /// <param name="shape">The input's sizes.</param>
    /// <param name="read">Is given the output's elements and sizes, which are gone afterwards.</param>
    public void Run<T>(float[] picture, ReadOnlySpan<long> shape, Reader<T> read)
        where T : unmanaged
    {
        nint input = 0, output = 0, info = 0;
        fixed (float* data = picture)
        fixed (long* sizes = shape)
        fixed (byte* inputName = _input, outputName = _output)
        {
            try
            {
                Check(((delegate* unmanaged<nint, void*, nint, long*, nint, int, nint*, nint>)Address(Function.CreateTensorWithDataAsOrtValue))(
                    s_memory, data, (nint)picture.Length * sizeof(float), sizes, shape.Length, FloatElements, &input));
                byte* inputs = inputName, outputs = outputName;
                Check(((delegate* unmanaged<nint, nint, byte**, nint*, nint, byte**, nint, nint*, nint>)Address(Function.Run))(
                    _session, 0, &inputs, &input, 1, &outputs, 1, &output));
                Check(((delegate* unmanaged<nint, nint*, nint>)Address(Function.GetTensorTypeAndShape))(output, &info));
                nint rank;
                Check(((delegate* unmanaged<nint, nint*, nint>)Address(Function.GetDimensionsCount))(info, &rank));
                var result = new long[rank];
                fixed (long* sides = result)
                {
                    Check(((delegate* unmanaged<nint, long*, nint, nint>)Address(Function.GetDimensions))(info, sides, rank));
                }

                void* values;
                Check(((delegate* unmanaged<nint, void**, nint>)Address(Function.GetTensorMutableData))(output, &values));
                read(new ReadOnlySpan<T>(values, (int)result.Aggregate(1L, (product, side) => product * side)), result);
            }
            finally
            {
                Release(Function.ReleaseTensorTypeAndShapeInfo, info);
                Release(Function.ReleaseValue, output);
                Release(Function.ReleaseValue, input);
            }
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        Release(Function.ReleaseSession, _session);
        _session = 0;
    }

    private static void Release(Function function, nint handle)
    {
        if (handle != 0)
        {
            ((delegate* unmanaged<nint, void>)Address(function))(handle);
        }
    }

    private static byte[] Utf8(string text) => Encoding.UTF8.GetBytes(text + "\0");
}

/// <summary>Reads an output while it is there.</summary>
/// <param name="values">Its elements.</param>
/// <param name="shape">Its sizes.</param>
public delegate void Reader<T>(ReadOnlySpan<T> values, ReadOnlySpan<long> shape);
