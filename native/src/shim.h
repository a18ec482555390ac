// What every topic of the shim shares: the guard, and the way between handles and libtorch's types.
// Also the precompiled header, since libtorch's own headers dominate the build time.
#pragma once

// The first brings the second in some versions only.
#include <ATen/ATen.h>
#include <ATen/core/grad_mode.h>

#include <atomic>
#include <cstring>
#include <exception>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

#include "segnext_torch.h"

struct segnext_tensor {
  at::Tensor value;
};

struct segnext_generator {
  at::Generator value;
};

namespace segnext {

extern thread_local std::string last_error;
extern thread_local int64_t last_failure;
extern std::atomic<int64_t> live_tensors;

// A callback failed; the number is the callback's own name for what happened.
class callback_error : public std::exception {
 public:
  explicit callback_error(int64_t failure) : failure_(failure) {}

  const char* what() const noexcept override { return "a callback failed"; }

  int64_t failure() const noexcept { return failure_; }

 private:
  int64_t failure_;
};

// Runs the body of an entry: no exception leaves it, whatever its type.
template <class Body>
int32_t guard(Body&& body) noexcept {
  try {
    body();
    return SEGNEXT_OK;
  } catch (const callback_error& error) {
    last_error = error.what();
    last_failure = error.failure();
    return SEGNEXT_CALLBACK_ERROR;
  } catch (const c10::Error& error) {
    last_error = error.what_without_backtrace();
    return SEGNEXT_TORCH_ERROR;
  } catch (const std::exception& error) {
    last_error = error.what();
    return SEGNEXT_ERROR;
  } catch (...) {
    last_error = "unknown native error";
    return SEGNEXT_ERROR;
  }
}

inline const at::Tensor& in(const segnext_tensor* x) {
  if (x == nullptr) {
    throw std::invalid_argument("a tensor handle is null");
  }

  return x->value;
}

inline at::Tensor& in(segnext_tensor* x) {
  if (x == nullptr) {
    throw std::invalid_argument("a tensor handle is null");
  }

  return x->value;
}

inline at::Generator& in(segnext_generator* generator) {
  if (generator == nullptr) {
    throw std::invalid_argument("a generator handle is null");
  }

  return generator->value;
}

// An undefined tensor is libtorch's "none" for optional inputs.
inline at::Tensor optional(const segnext_tensor* x) {
  return x == nullptr ? at::Tensor() : x->value;
}

inline segnext_tensor* wrap(at::Tensor value) {
  auto* handle = new segnext_tensor{std::move(value)};
  live_tensors.fetch_add(1, std::memory_order_relaxed);
  return handle;
}

// Takes a handle over: its tensor, without the handle.
inline at::Tensor unwrap(segnext_tensor* x) {
  at::Tensor value = std::move(x->value);
  delete x;
  live_tensors.fetch_sub(1, std::memory_order_relaxed);
  return value;
}

inline void give(segnext_tensor** result, at::Tensor value) {
  *result = wrap(std::move(value));
}

inline at::IntArrayRef ints(const int64_t* values, int32_t count) {
  return at::IntArrayRef(values, static_cast<size_t>(count));
}

inline std::vector<at::Tensor> list(const segnext_tensor* const* tensors, int32_t count) {
  std::vector<at::Tensor> values;
  values.reserve(static_cast<size_t>(count));
  for (int32_t i = 0; i < count; i++) {
    values.push_back(in(tensors[i]));
  }

  return values;
}

// The gradients of those parameters that have one.
inline std::vector<at::Tensor> gradients_of(segnext_tensor* const* parameters, int32_t count) {
  std::vector<at::Tensor> gradients;
  for (int32_t i = 0; i < count; i++) {
    const at::Tensor& gradient = in(parameters[i]).grad();
    if (gradient.defined()) {
      gradients.push_back(gradient);
    }
  }

  return gradients;
}

// A Python number keeps its kind; a double that holds an integer must not turn an integral tensor into a float one.
inline at::Scalar scalar(const at::Tensor& x, double value) {
  constexpr double exact = 9007199254740992.0;  // 2^53
  const bool integer = value >= -exact && value <= exact && value == static_cast<double>(static_cast<int64_t>(value));
  if (integer && at::isIntegralType(x.scalar_type(), /*includeBool=*/true)) {
    return at::Scalar(static_cast<int64_t>(value));
  }

  return at::Scalar(value);
}

inline at::Device device(int32_t type, int32_t index) {
  return at::Device(static_cast<at::DeviceType>(type), static_cast<at::DeviceIndex>(index));
}

inline at::TensorOptions options(int32_t type, int32_t device_type, int32_t device_index) {
  return at::TensorOptions()
      .dtype(static_cast<at::ScalarType>(type))
      .device(device(device_type, device_index));
}

}  // namespace segnext
