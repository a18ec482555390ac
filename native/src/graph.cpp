// CUDA graphs: what a pass launches, recorded once and launched again as one. Needs CUDA's headers, though not its
// libraries; built without them, the entries say so.
#include "shim.h"

#ifdef SEGNEXT_CUDA_HEADERS
#include <ATen/cuda/CUDAGraph.h>
#include <c10/core/impl/DeviceGuardImplInterface.h>

#include <cstddef>
#include <memory>
#endif

using namespace segnext;

#ifdef SEGNEXT_CUDA_HEADERS

namespace {

const c10::impl::DeviceGuardImplInterface& cuda() {
  return *c10::impl::getDeviceGuardImpl(at::kCUDA);
}

}  // namespace

// A capture must not be on the default stream, and the stream must have nothing else to do.
struct segnext_graph {
  explicit segnext_graph(at::Device device)
      : device(device), before_device(cuda().getDevice()), stream(cuda().getStreamFromGlobalPool(device)), before(stream) {}

  at::Device device;
  at::Device before_device;
  c10::Stream stream;
  c10::Stream before;
  at::cuda::CUDAGraph graph;

  // How large a graph is depends on CUDA's version in libtorch's headers. Where the headers found here are of an older one than
  // libtorch was built with, its constructor fills more than they declare.
  std::byte reserve[1024];
};

extern "C" {

int32_t segnext_graphs_available(int32_t* available) {
  return guard([&] { *available = c10::impl::hasDeviceGuardImpl(at::kCUDA) ? 1 : 0; });
}

int32_t segnext_graph_begin(int32_t device_index, segnext_graph** result) {
  return guard([&] {
    const at::Device where(at::kCUDA, static_cast<at::DeviceIndex>(device_index));
    auto graph = std::make_unique<segnext_graph>(where);
    cuda().setDevice(where);
    cuda().synchronizeStream(cuda().getStream(where));
    graph->before = cuda().exchangeStream(graph->stream);
    try {
      graph->graph.capture_begin();
    } catch (...) {
      cuda().exchangeStream(graph->before);
      cuda().setDevice(graph->before_device);
      throw;
    }

    *result = graph.release();
  });
}

int32_t segnext_graph_end(segnext_graph* graph) {
  return guard([&] {
    struct Restore {
      segnext_graph* graph;

      ~Restore() {
        cuda().exchangeStream(graph->before);
        cuda().uncheckedSetDevice(graph->before_device);
      }
    } restore{graph};
    graph->graph.capture_end();
  });
}

int32_t segnext_graph_replay(segnext_graph* graph) {
  return guard([&] { graph->graph.replay(); });
}

int32_t segnext_graph_free(segnext_graph* graph) {
  return guard([&] { delete graph; });
}

}  // extern "C"

#else

namespace {

int32_t unavailable() {
  return guard([] {
    throw std::runtime_error(
        "the native library was built without CUDA's headers, so it cannot record CUDA graphs; build it where the CUDA "
        "toolkit's include folder, or a Python package with it, is found");
  });
}

}  // namespace

extern "C" {

int32_t segnext_graphs_available(int32_t* available) {
  return guard([&] { *available = 0; });
}

int32_t segnext_graph_begin(int32_t, segnext_graph**) { return unavailable(); }

int32_t segnext_graph_end(segnext_graph*) { return unavailable(); }

int32_t segnext_graph_replay(segnext_graph*) { return unavailable(); }

int32_t segnext_graph_free(segnext_graph*) { return guard([] {}); }

}  // extern "C"

#endif
