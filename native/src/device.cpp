// Devices that compute beside the program: waiting for them, timing them, memory that they read by themselves. Through
// c10's interfaces alone, so that neither CUDA's headers nor its libraries are needed.
#include "shim.h"

#include <c10/core/Event.h>
#include <c10/core/impl/DeviceGuardImplInterface.h>

#include <chrono>
#include <memory>

using namespace segnext;

namespace {

const c10::impl::DeviceGuardImplInterface& implementation(at::Device device) {
  return *c10::impl::getDeviceGuardImpl(device.type());
}

void wait_for(at::Device device) {
  if (!device.is_cpu()) {
    implementation(device).synchronizeStream(implementation(device).getStream(device));
  }
}

// Events that can be timed are called otherwise in later versions.
template <class Flag>
auto timed_flag(int) -> decltype(Flag::TIMING) {
  return Flag::TIMING;
}

template <class Flag>
Flag timed_flag(long) {
  return Flag::BACKEND_DEFAULT;
}

// Milliseconds between two events on the device's own clock; below 0 before 2.5, which cannot tell.
template <class Event>
auto elapsed(const Event& from, const Event& to, int) -> decltype(from.elapsedTime(to)) {
  return from.elapsedTime(to);
}

template <class Event>
double elapsed(const Event&, const Event&, long) {
  return -1;
}

using Clock = std::chrono::steady_clock;

}  // namespace

struct segnext_stopwatch {
  at::Device device;
  std::unique_ptr<c10::Event> begin;
  std::unique_ptr<c10::Event> end;
  Clock::time_point began;
};

extern "C" {

int32_t segnext_synchronize(int32_t device_type, int32_t device_index) {
  return guard([&] { wait_for(device(device_type, device_index)); });
}

int32_t segnext_stopwatch_start(int32_t device_type, int32_t device_index, segnext_stopwatch** result) {
  return guard([&] {
    const at::Device where = device(device_type, device_index);
    auto watch = std::unique_ptr<segnext_stopwatch>(new segnext_stopwatch{where, nullptr, nullptr, {}});
    wait_for(where);
    if (!where.is_cpu()) {
      const c10::EventFlag flag = timed_flag<c10::EventFlag>(0);
      watch->begin = std::make_unique<c10::Event>(where.type(), flag);
      watch->end = std::make_unique<c10::Event>(where.type(), flag);
      watch->begin->record(implementation(where).getStream(where));
    }

    watch->began = Clock::now();
    *result = watch.release();
  });
}

int32_t segnext_stopwatch_stop(segnext_stopwatch* watch, double* milliseconds, int32_t* by_events) {
  return guard([&] {
    const std::unique_ptr<segnext_stopwatch> owned(watch);
    *milliseconds = -1;
    if (!owned->device.is_cpu()) {
      owned->end->record(implementation(owned->device).getStream(owned->device));
      wait_for(owned->device);
      *milliseconds = elapsed(*owned->begin, *owned->end, 0);
    }

    *by_events = *milliseconds >= 0 ? 1 : 0;
    if (*by_events == 0) {
      *milliseconds = std::chrono::duration<double, std::milli>(Clock::now() - owned->began).count();
    }
  });
}

int32_t segnext_empty_pinned(const int64_t* sizes, int32_t rank, int32_t type, segnext_tensor** result) {
  return guard([&] {
    const auto options = at::TensorOptions().dtype(static_cast<at::ScalarType>(type)).pinned_memory(true);
    give(result, at::empty(ints(sizes, rank), options));
  });
}

int32_t segnext_get_cudnn_deterministic(int32_t* on) {
  return guard([&] { *on = at::globalContext().deterministicCuDNN() ? 1 : 0; });
}

int32_t segnext_set_cudnn_deterministic(int32_t on) {
  return guard([&] { at::globalContext().setDeterministicCuDNN(on != 0); });
}

}  // extern "C"
