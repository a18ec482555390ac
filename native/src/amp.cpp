// Mixed precision: libtorch's autocast, and the gradients of a loss that was scaled.
#include "shim.h"

#include <ATen/autocast_mode.h>
#include <torch/version.h>

using namespace segnext;

namespace {

// Version 2.4 has one function for every device and calls those for the CPU and CUDA outdated.
#if TORCH_VERSION_MAJOR > 2 || (TORCH_VERSION_MAJOR == 2 && TORCH_VERSION_MINOR >= 4)
bool is_on(at::DeviceType device) { return at::autocast::is_autocast_enabled(device); }
at::ScalarType type_of(at::DeviceType device) { return at::autocast::get_autocast_dtype(device); }
void turn(at::DeviceType device, bool on) { at::autocast::set_autocast_enabled(device, on); }
void set_type(at::DeviceType device, at::ScalarType type) { at::autocast::set_autocast_dtype(device, type); }
#else
bool is_on(at::DeviceType device) {
  return device == at::kCPU ? at::autocast::is_cpu_enabled() : at::autocast::is_enabled();
}

at::ScalarType type_of(at::DeviceType device) {
  return device == at::kCPU ? at::autocast::get_autocast_cpu_dtype() : at::autocast::get_autocast_gpu_dtype();
}

void turn(at::DeviceType device, bool on) {
  device == at::kCPU ? at::autocast::set_cpu_enabled(on) : at::autocast::set_enabled(on);
}

void set_type(at::DeviceType device, at::ScalarType type) {
  device == at::kCPU ? at::autocast::set_autocast_cpu_dtype(type) : at::autocast::set_autocast_gpu_dtype(type);
}
#endif

at::DeviceType checked(int32_t device_type) {
  const auto device = static_cast<at::DeviceType>(device_type);
  TORCH_CHECK(device == at::kCPU || device == at::kCUDA, "autocast is for the CPU and CUDA");
  return device;
}

// All finite, and multiplied by a factor: libtorch's one kernel for many tensors on CUDA, tensor by tensor elsewhere
// (it has the kernel for the CPU from 2.3 on).
bool scale_finite(std::vector<at::Tensor>& gradients, double factor) {
  if (gradients.empty()) {
    return true;
  }

  if (gradients.front().is_cuda()) {
    const at::TensorOptions options = gradients.front().options().dtype(at::kFloat);
    at::Tensor infinite = at::zeros({1}, options);
    const at::Tensor scale = at::full({1}, factor, options);
    at::_amp_foreach_non_finite_check_and_unscale_(gradients, infinite, scale);
    return infinite.item().toDouble() == 0;
  }

  bool finite = true;
  for (at::Tensor& gradient : gradients) {
    gradient.mul_(factor);
    finite = finite && at::isfinite(gradient).all().item<bool>();
  }

  return finite;
}

}  // namespace

extern "C" {

int32_t segnext_autocast_get(int32_t device_type, int32_t* on, int32_t* type) {
  return guard([&] {
    *on = is_on(checked(device_type)) ? 1 : 0;
    *type = static_cast<int32_t>(type_of(checked(device_type)));
  });
}

int32_t segnext_autocast_set(int32_t device_type, int32_t on, int32_t type) {
  return guard([&] {
    const at::DeviceType device = checked(device_type);
    // A network uses each weight once a pass, so that a cache of converted weights has nothing to give; and a weight
    // converted without recording (an activation checkpoint does that) must not be found by a pass that records.
    at::autocast::set_autocast_cache_enabled(false);
    at::autocast::clear_cache();
    set_type(device, static_cast<at::ScalarType>(type));
    turn(device, on != 0);
  });
}

int32_t segnext_unscale_grads(segnext_tensor* const* parameters, int32_t count, double scale, int32_t* finite) {
  return guard([&] {
    const at::NoGradGuard no_grad;
    std::vector<at::Tensor> gradients = gradients_of(parameters, count);

    *finite = scale_finite(gradients, 1 / scale) ? 1 : 0;
  });
}

}  // extern "C"
