// Arithmetic, functions of one variable, comparisons, and their in-place forms.
#include "shim.h"

#include <cmath>

using namespace segnext;

extern "C" {

int32_t segnext_add(const segnext_tensor* x, const segnext_tensor* y, segnext_tensor** result) {
  return guard([&] { give(result, at::add(in(x), in(y))); });
}

int32_t segnext_sub(const segnext_tensor* x, const segnext_tensor* y, segnext_tensor** result) {
  return guard([&] { give(result, at::sub(in(x), in(y))); });
}

int32_t segnext_mul(const segnext_tensor* x, const segnext_tensor* y, segnext_tensor** result) {
  return guard([&] { give(result, at::mul(in(x), in(y))); });
}

int32_t segnext_div(const segnext_tensor* x, const segnext_tensor* y, segnext_tensor** result) {
  return guard([&] { give(result, at::div(in(x), in(y))); });
}

int32_t segnext_add_scalar(const segnext_tensor* x, double y, segnext_tensor** result) {
  return guard([&] { give(result, at::add(in(x), scalar(in(x), y))); });
}

int32_t segnext_mul_scalar(const segnext_tensor* x, double y, segnext_tensor** result) {
  return guard([&] { give(result, at::mul(in(x), scalar(in(x), y))); });
}

int32_t segnext_div_scalar(const segnext_tensor* x, double y, segnext_tensor** result) {
  return guard([&] { give(result, at::div(in(x), scalar(in(x), y))); });
}

int32_t segnext_scalar_sub(double y, const segnext_tensor* x, segnext_tensor** result) {
  return guard([&] { give(result, at::rsub(in(x), scalar(in(x), y))); });
}

int32_t segnext_scalar_div(double y, const segnext_tensor* x, segnext_tensor** result) {
  return guard([&] { give(result, at::mul(at::reciprocal(in(x)), y)); });
}

int32_t segnext_neg(const segnext_tensor* x, segnext_tensor** result) {
  return guard([&] { give(result, at::neg(in(x))); });
}

int32_t segnext_exp(const segnext_tensor* x, segnext_tensor** result) {
  return guard([&] { give(result, at::exp(in(x))); });
}

int32_t segnext_log(const segnext_tensor* x, segnext_tensor** result) {
  return guard([&] { give(result, at::log(in(x))); });
}

int32_t segnext_sqrt(const segnext_tensor* x, segnext_tensor** result) {
  return guard([&] { give(result, at::sqrt(in(x))); });
}

int32_t segnext_abs(const segnext_tensor* x, segnext_tensor** result) {
  return guard([&] { give(result, at::abs(in(x))); });
}

int32_t segnext_pow(const segnext_tensor* x, double exponent, segnext_tensor** result) {
  return guard([&] { give(result, at::pow(in(x), scalar(in(x), exponent))); });
}

int32_t segnext_sigmoid(const segnext_tensor* x, segnext_tensor** result) {
  return guard([&] { give(result, at::sigmoid(in(x))); });
}

int32_t segnext_relu(const segnext_tensor* x, segnext_tensor** result) {
  return guard([&] { give(result, at::relu(in(x))); });
}

int32_t segnext_gelu(const segnext_tensor* x, segnext_tensor** result) {
  return guard([&] { give(result, at::gelu(in(x))); });
}

int32_t segnext_clamp(const segnext_tensor* x, double min, double max, segnext_tensor** result) {
  return guard([&] {
    const at::Tensor& value = in(x);
    // One-sided forms where one bound is open: libtorch cannot put an infinity into an integral tensor.
    if (std::isinf(min) && std::isinf(max)) {
      give(result, value.clone());
    } else if (std::isinf(max)) {
      give(result, at::clamp_min(value, scalar(value, min)));
    } else if (std::isinf(min)) {
      give(result, at::clamp_max(value, scalar(value, max)));
    } else {
      give(result, at::clamp(value, scalar(value, min), scalar(value, max)));
    }
  });
}

int32_t segnext_eq(const segnext_tensor* x, const segnext_tensor* y, segnext_tensor** result) {
  return guard([&] { give(result, at::eq(in(x), in(y))); });
}

int32_t segnext_ne(const segnext_tensor* x, const segnext_tensor* y, segnext_tensor** result) {
  return guard([&] { give(result, at::ne(in(x), in(y))); });
}

int32_t segnext_lt(const segnext_tensor* x, const segnext_tensor* y, segnext_tensor** result) {
  return guard([&] { give(result, at::lt(in(x), in(y))); });
}

int32_t segnext_gt(const segnext_tensor* x, const segnext_tensor* y, segnext_tensor** result) {
  return guard([&] { give(result, at::gt(in(x), in(y))); });
}

int32_t segnext_ge(const segnext_tensor* x, const segnext_tensor* y, segnext_tensor** result) {
  return guard([&] { give(result, at::ge(in(x), in(y))); });
}

int32_t segnext_eq_scalar(const segnext_tensor* x, double y, segnext_tensor** result) {
  return guard([&] { give(result, at::eq(in(x), scalar(in(x), y))); });
}

int32_t segnext_ne_scalar(const segnext_tensor* x, double y, segnext_tensor** result) {
  return guard([&] { give(result, at::ne(in(x), scalar(in(x), y))); });
}

int32_t segnext_lt_scalar(const segnext_tensor* x, double y, segnext_tensor** result) {
  return guard([&] { give(result, at::lt(in(x), scalar(in(x), y))); });
}

int32_t segnext_gt_scalar(const segnext_tensor* x, double y, segnext_tensor** result) {
  return guard([&] { give(result, at::gt(in(x), scalar(in(x), y))); });
}

int32_t segnext_ge_scalar(const segnext_tensor* x, double y, segnext_tensor** result) {
  return guard([&] { give(result, at::ge(in(x), scalar(in(x), y))); });
}

int32_t segnext_where(const segnext_tensor* condition, const segnext_tensor* x, const segnext_tensor* y,
                      segnext_tensor** result) {
  return guard([&] { give(result, at::where(in(condition), in(x), in(y))); });
}

int32_t segnext_copy_inplace(segnext_tensor* x, const segnext_tensor* source) {
  return guard([&] { in(x).copy_(in(source)); });
}

int32_t segnext_fill_inplace(segnext_tensor* x, double value) {
  return guard([&] { in(x).fill_(scalar(in(x), value)); });
}

int32_t segnext_add_inplace(segnext_tensor* x, const segnext_tensor* y, double alpha) {
  return guard([&] { in(x).add_(in(y), scalar(in(x), alpha)); });
}

int32_t segnext_add_scalar_inplace(segnext_tensor* x, double y) {
  return guard([&] { in(x).add_(scalar(in(x), y)); });
}

int32_t segnext_mul_inplace(segnext_tensor* x, const segnext_tensor* y) {
  return guard([&] { in(x).mul_(in(y)); });
}

int32_t segnext_mul_scalar_inplace(segnext_tensor* x, double y) {
  return guard([&] { in(x).mul_(scalar(in(x), y)); });
}

int32_t segnext_lerp_inplace(segnext_tensor* x, const segnext_tensor* end, double weight) {
  return guard([&] { in(x).lerp_(in(end), weight); });
}

}  // extern "C"
