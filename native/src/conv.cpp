// Convolution, normalisation, resampling, pooling, and the loss.
#include "shim.h"

using namespace segnext;

extern "C" {

int32_t segnext_conv2d(const segnext_tensor* x, const segnext_tensor* weight, const segnext_tensor* bias,
                       int64_t stride_h, int64_t stride_w, int64_t padding_h, int64_t padding_w, int64_t dilation_h,
                       int64_t dilation_w, int64_t groups, segnext_tensor** result) {
  return guard([&] {
    const int64_t stride[] = {stride_h, stride_w};
    const int64_t padding[] = {padding_h, padding_w};
    const int64_t dilation[] = {dilation_h, dilation_w};
    give(result, at::conv2d(in(x), in(weight), optional(bias), ints(stride, 2), ints(padding, 2), ints(dilation, 2),
                            groups));
  });
}

int32_t segnext_batch_norm(const segnext_tensor* x, const segnext_tensor* weight, const segnext_tensor* bias,
                           const segnext_tensor* running_mean, const segnext_tensor* running_var, int32_t training,
                           double momentum, double eps, segnext_tensor** result) {
  return guard([&] {
    give(result, at::batch_norm(in(x), optional(weight), optional(bias), optional(running_mean),
                                optional(running_var), training != 0, momentum, eps, /*cudnn_enabled=*/true));
  });
}

int32_t segnext_layer_norm(const segnext_tensor* x, const int64_t* normalized_shape, int32_t rank,
                           const segnext_tensor* weight, const segnext_tensor* bias, double eps,
                           segnext_tensor** result) {
  return guard([&] {
    give(result, at::layer_norm(in(x), ints(normalized_shape, rank), optional(weight), optional(bias), eps));
  });
}

int32_t segnext_group_norm(const segnext_tensor* x, int64_t groups, const segnext_tensor* weight,
                           const segnext_tensor* bias, double eps, segnext_tensor** result) {
  return guard([&] { give(result, at::group_norm(in(x), groups, optional(weight), optional(bias), eps)); });
}

int32_t segnext_interpolate(const segnext_tensor* x, int64_t height, int64_t width, int32_t mode,
                            int32_t align_corners, segnext_tensor** result) {
  return guard([&] {
    const int64_t extents[] = {height, width};
    const at::IntArrayRef size = ints(extents, 2);
    switch (mode) {
      case 0:
        give(result, at::upsample_nearest2d(in(x), size));
        break;
      case 1:
        give(result, at::upsample_bilinear2d(in(x), size, align_corners != 0));
        break;
      case 2:
        give(result, at::upsample_bicubic2d(in(x), size, align_corners != 0));
        break;
      default:
        TORCH_CHECK(false, "there is no interpolation mode ", mode);
    }
  });
}

int32_t segnext_avg_pool2d(const segnext_tensor* x, int64_t kernel_h, int64_t kernel_w, int64_t stride_h,
                           int64_t stride_w, int64_t padding_h, int64_t padding_w, segnext_tensor** result) {
  return guard([&] {
    const int64_t kernel[] = {kernel_h, kernel_w};
    const int64_t stride[] = {stride_h, stride_w};
    const int64_t padding[] = {padding_h, padding_w};
    give(result, at::avg_pool2d(in(x), ints(kernel, 2), ints(stride, 2), ints(padding, 2)));
  });
}

int32_t segnext_max_pool2d(const segnext_tensor* x, int64_t kernel_h, int64_t kernel_w, int64_t stride_h,
                           int64_t stride_w, int64_t padding_h, int64_t padding_w, segnext_tensor** result) {
  return guard([&] {
    const int64_t kernel[] = {kernel_h, kernel_w};
    const int64_t stride[] = {stride_h, stride_w};
    const int64_t padding[] = {padding_h, padding_w};
    give(result, at::max_pool2d(in(x), ints(kernel, 2), ints(stride, 2), ints(padding, 2)));
  });
}

int32_t segnext_adaptive_avg_pool2d(const segnext_tensor* x, int64_t height, int64_t width, segnext_tensor** result) {
  return guard([&] {
    const int64_t size[] = {height, width};
    give(result, at::adaptive_avg_pool2d(in(x), ints(size, 2)));
  });
}

int32_t segnext_cross_entropy(const segnext_tensor* logits, const segnext_tensor* target,
                              const segnext_tensor* weight, int64_t ignore_index, int32_t reduction,
                              double label_smoothing, segnext_tensor** result) {
  return guard([&] {
    give(result, at::cross_entropy_loss(in(logits), in(target), optional(weight), reduction, ignore_index,
                                        label_smoothing));
  });
}

}  // extern "C"
