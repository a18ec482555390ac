// What the topics of data-parallel training share. Where the libtorch at hand brings no c10d that this compiles with, the
// build defines SEGNEXT_WITHOUT_DISTRIBUTED and every entry answers with one error.
#pragma once

#include "shim.h"

#ifndef SEGNEXT_WITHOUT_DISTRIBUTED

// libtorch's own build defines these; its packages do not pass them on.
#ifndef USE_C10D_GLOO
#define USE_C10D_GLOO
#endif
#ifdef SEGNEXT_WITH_NCCL
#ifndef USE_C10D_NCCL
#define USE_C10D_NCCL
#endif
#endif

#include <torch/csrc/distributed/c10d/ProcessGroup.hpp>
#include <torch/csrc/distributed/c10d/Store.hpp>
#include <torch/csrc/distributed/c10d/Work.hpp>

namespace segnext {

#if TORCH_VERSION_MAJOR >= 2
// Since 2.0 a process group holds backends and sends each call to the one of the tensors' device.
using Backend = c10d::Backend;
#else
using Backend = c10d::ProcessGroup;
#endif

}  // namespace segnext

struct segnext_store {
  c10::intrusive_ptr<c10d::Store> value;
};

struct segnext_process_group {
  c10::intrusive_ptr<segnext::Backend> backend;
  c10::intrusive_ptr<c10d::ProcessGroup> group;
};

struct segnext_work {
  c10::intrusive_ptr<c10d::Work> value;
};

#endif

namespace segnext {

[[noreturn]] inline void without_distributed() {
  throw std::runtime_error("this build of the native library has no data-parallel training, since its libtorch brings no c10d");
}

}  // namespace segnext

#ifdef SEGNEXT_PROBE
// The build compiles these sources by themselves first, to see whether the libtorch at hand has what they need.
namespace segnext {
thread_local std::string last_error;
thread_local int64_t last_failure = 0;
std::atomic<int64_t> live_tensors{0};
}  // namespace segnext
#endif
