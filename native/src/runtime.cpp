// Versions, threads, devices, and the state that all topics share.
#include "shim.h"

#include <ATen/Parallel.h>
#include <ATen/Version.h>
#include <c10/core/impl/DeviceGuardImplInterface.h>
#include <torch/version.h>

#ifndef _WIN32
#include <dlfcn.h>
#endif

namespace segnext {

// OpenBLAS's pthread build keeps a pool of its own that libtorch's setting does not reach. Where another BLAS serves
// libtorch there is no such function, and nothing to set.
static void set_blas_threads(int32_t count) {
#ifndef _WIN32
  using Setter = void (*)(int);
  if (const auto set = reinterpret_cast<Setter>(dlsym(RTLD_DEFAULT, "openblas_set_num_threads"))) {
    set(count);
  }
#endif
}

thread_local std::string last_error;
thread_local int64_t last_failure = 0;
std::atomic<int64_t> live_tensors{0};

}  // namespace segnext

using namespace segnext;

extern "C" {

int32_t segnext_abi_version(void) {
  return SEGNEXT_ABI_VERSION;
}

const char* segnext_last_error(void) {
  return last_error.c_str();
}

int32_t segnext_torch_version(const char** text) {
  return guard([&] { *text = TORCH_VERSION; });
}

int32_t segnext_build_config(const char** text) {
  return guard([&] {
    static thread_local std::string config;
    config = at::show_config();
    *text = config.c_str();
  });
}

int32_t segnext_get_threads(int32_t* count) {
  return guard([&] { *count = at::get_num_threads(); });
}

int32_t segnext_set_threads(int32_t count) {
  return guard([&] {
    at::set_num_threads(count);
    set_blas_threads(count);
  });
}

int32_t segnext_get_interop_threads(int32_t* count) {
  return guard([&] { *count = at::get_num_interop_threads(); });
}

int32_t segnext_set_interop_threads(int32_t count) {
  return guard([&] { at::set_num_interop_threads(count); });
}

int32_t segnext_cuda_device_count(int32_t* count) {
  return guard([&] {
    // Asked through the device guard: the hooks' own function has changed its name between versions.
    const bool built = c10::impl::hasDeviceGuardImpl(at::DeviceType::CUDA);
    *count = built ? c10::impl::getDeviceGuardImpl(at::DeviceType::CUDA)->deviceCount() : 0;
  });
}

int32_t segnext_set_flush_denormals(int32_t on, int32_t* supported) {
  return guard([&] {
    *supported = at::globalContext().setFlushDenormal(on != 0) ? 1 : 0;
    // The mode is each thread's own: the operation threads get it here, one index apiece.
    at::parallel_for(0, at::get_num_threads(), 1, [&](int64_t, int64_t) {
      at::globalContext().setFlushDenormal(on != 0);
    });
  });
}

int32_t segnext_get_cudnn_benchmark(int32_t* on) {
  return guard([&] { *on = at::globalContext().benchmarkCuDNN() ? 1 : 0; });
}

int32_t segnext_set_cudnn_benchmark(int32_t on) {
  return guard([&] { at::globalContext().setBenchmarkCuDNN(on != 0); });
}

int32_t segnext_get_tf32(int32_t* on) {
  return guard([&] {
    *on = at::globalContext().allowTF32CuDNN() && at::globalContext().allowTF32CuBLAS() ? 1 : 0;
  });
}

int32_t segnext_set_tf32(int32_t on) {
  return guard([&] {
    at::globalContext().setAllowTF32CuDNN(on != 0);
    at::globalContext().setAllowTF32CuBLAS(on != 0);
  });
}

int32_t segnext_live_tensors(int64_t* count) {
  return guard([&] { *count = live_tensors.load(std::memory_order_relaxed); });
}

}  // extern "C"
