// How much memory libtorch's allocators hand out while a thread does something.
#include "shim.h"

#include <c10/core/Allocator.h>
#include <c10/util/ThreadLocalDebugInfo.h>

#include <array>

using namespace segnext;

namespace {

// libtorch 1.13 reports totals as int64_t, later versions as size_t: the type of the overridden function decides.
template <class Function>
struct Totals;

template <class Size>
struct Totals<void (c10::MemoryReportingInfoBase::*)(void*, int64_t, Size, Size, c10::Device)> {
  using type = Size;
};

using Total = Totals<decltype(&c10::MemoryReportingInfoBase::reportMemoryUsage)>::type;

struct Counter {
  std::atomic<int64_t> live{0};
  std::atomic<int64_t> peak{0};

  void add(int64_t bytes) {
    const int64_t now = live.fetch_add(bytes, std::memory_order_relaxed) + bytes;
    int64_t before = peak.load(std::memory_order_relaxed);
    while (now > before && !peak.compare_exchange_weak(before, now, std::memory_order_relaxed)) {
    }
  }
};

// libtorch tells the innermost one of a thread, and the threads that run its backward passes inherit it.
class Meter : public c10::MemoryReportingInfoBase {
 public:
  explicit Meter(c10::MemoryReportingInfoBase* outer) : outer_(outer) {}

  void reportMemoryUsage(void* pointer, int64_t size, Total allocated, Total reserved,
                         c10::Device device) override {
    counter(device.type()).add(size);
    if (outer_ != nullptr) {
      outer_->reportMemoryUsage(pointer, size, allocated, reserved, device);
    }
  }

  bool memoryProfilingEnabled() const override { return true; }

  Counter& counter(at::DeviceType type) { return counters_[type == at::kCPU ? 0 : 1]; }

 private:
  c10::MemoryReportingInfoBase* outer_;
  std::array<Counter, 2> counters_;
};

}  // namespace

struct segnext_memory_meter {
  std::shared_ptr<Meter> value;
};

extern "C" {

int32_t segnext_memory_meter_start(segnext_memory_meter** result) {
  return guard([&] {
    const c10::DebugInfoKind kind = c10::DebugInfoKind::PROFILER_STATE;
    auto* outer = dynamic_cast<c10::MemoryReportingInfoBase*>(c10::ThreadLocalDebugInfo::get(kind));
    auto meter = std::make_shared<Meter>(outer);
    auto* handle = new segnext_memory_meter{meter};
    c10::ThreadLocalDebugInfo::_push(kind, std::move(meter));
    *result = handle;
  });
}

int32_t segnext_memory_meter_read(const segnext_memory_meter* meter, int32_t device_type, int64_t* live,
                                  int64_t* peak) {
  return guard([&] {
    const Counter& counter = meter->value->counter(static_cast<at::DeviceType>(device_type));
    *live = counter.live.load();
    *peak = counter.peak.load();
  });
}

int32_t segnext_memory_meter_stop(segnext_memory_meter* meter) {
  return guard([&] {
    const c10::DebugInfoKind kind = c10::DebugInfoKind::PROFILER_STATE;
    TORCH_CHECK(c10::ThreadLocalDebugInfo::get(kind) == meter->value.get(),
                "a memory meter must be stopped on its thread, after those that were started inside it");
    c10::ThreadLocalDebugInfo::_pop(kind);
    delete meter;
  });
}

}  // extern "C"
