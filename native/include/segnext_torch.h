/* The C ABI of SegNeXt.NET over libtorch: tensors, autograd, the operations that the models use, an optimizer.
 *
 * Rules that hold for every entry
 *  - It returns SEGNEXT_OK, or another status; then segnext_last_error() of the same thread says why, and the
 *    out-parameters hold nothing to free. No exception crosses the border.
 *  - A tensor given through `result` is a new handle that the caller frees with segnext_tensor_free. It may share
 *    storage with an input where libtorch's operation does (views, conversions that have nothing to convert).
 *  - Inputs stay the caller's. A tensor input may be NULL only where the entry says "optional".
 *  - Sizes, strides and dimensions are arrays of int64_t with their length beside them; negative dimensions count
 *    from the end, as in libtorch. Flags are int32_t, 0 or 1.
 *  - scalar types are c10::ScalarType's numbers, device types c10::DeviceType's (0 CPU, 1 CUDA), memory formats
 *    c10::MemoryFormat's (0 contiguous, 1 preserve, 2 channels last).
 *  - Gradients are recorded as libtorch records them. Entries that change their first tensor end in `_inplace`.
 */
#ifndef SEGNEXT_TORCH_H
#define SEGNEXT_TORCH_H

#include <stdint.h>

#if defined(_WIN32)
#define SEGNEXT_API __declspec(dllexport)
#else
#define SEGNEXT_API __attribute__((visibility("default")))
#endif

/* Raised whenever an entry changes its meaning or signature; the managed side refuses any other number. */
#define SEGNEXT_ABI_VERSION 5

#define SEGNEXT_OK 0
#define SEGNEXT_ERROR 1       /* the shim or the C++ library failed */
#define SEGNEXT_TORCH_ERROR 2 /* libtorch refused; the message is libtorch's, without its backtrace */
#define SEGNEXT_CALLBACK_ERROR 3 /* a callback failed; segnext_last_callback_error has what it returned */

#ifdef __cplusplus
extern "C" {
#endif

/* A tensor: one reference to a libtorch tensor. */
typedef struct segnext_tensor segnext_tensor;

/* A random number generator. */
typedef struct segnext_generator segnext_generator;

/* A count of allocated memory. */
typedef struct segnext_memory_meter segnext_memory_meter;

/* A measurement of time on a device. */
typedef struct segnext_stopwatch segnext_stopwatch;

/* A recorded CUDA graph. */
typedef struct segnext_graph segnext_graph;

/* Where processes that compute together meet, their group, an operation of theirs under way, and what averages their
 * gradients. */
typedef struct segnext_store segnext_store;
typedef struct segnext_process_group segnext_process_group;
typedef struct segnext_work segnext_work;
typedef struct segnext_reducer segnext_reducer;

/* The derivative of a function of the caller's, called by a backward pass on whichever thread it runs, without
 * recording. It gets the gradients of all outputs (zeros where there is none) and the saved tensors as handles that it
 * owns from then on, whatever it returns, and writes a new handle per input, or NULL where an input has no gradient.
 * 0 means success; any other number ends the pass and comes back from segnext_last_callback_error. */
typedef int64_t (*segnext_backward_function)(void* state, segnext_tensor* const* outputs, int32_t output_count,
                                             segnext_tensor* const* saved, int32_t saved_count,
                                             segnext_tensor** inputs, int32_t input_count);
/* The state is needed no more; called once, on any thread. */
typedef void (*segnext_release_function)(void* state);

/* ---- runtime.cpp: versions, threads, devices ---------------------------------------------------------------- */

/* SEGNEXT_ABI_VERSION of the built library. The only entry that returns a value instead of a status. */
SEGNEXT_API int32_t segnext_abi_version(void);
/* Message of this thread's last failure, UTF-8, owned by the shim, valid until this thread's next call. */
SEGNEXT_API const char* segnext_last_error(void);
/* Version of the libtorch that the shim was built against, such as "1.13.1". Static storage. */
SEGNEXT_API int32_t segnext_torch_version(const char** text);
/* libtorch's description of its build (BLAS, oneDNN, OpenMP, CUDA). Valid until this thread's next call. */
SEGNEXT_API int32_t segnext_build_config(const char** text);
/* Threads that one operation may use. */
SEGNEXT_API int32_t segnext_get_threads(int32_t* count);
SEGNEXT_API int32_t segnext_set_threads(int32_t count);
/* Threads between operations; libtorch lets it be set once, before any parallel work. */
SEGNEXT_API int32_t segnext_get_interop_threads(int32_t* count);
SEGNEXT_API int32_t segnext_set_interop_threads(int32_t count);
/* Number of CUDA devices that libtorch can use; 0 for a CPU build or without a driver. */
SEGNEXT_API int32_t segnext_cuda_device_count(int32_t* count);
/* Treats denormal floats as zero on this thread and on the operation threads; supported: 0 where the CPU cannot. */
SEGNEXT_API int32_t segnext_set_flush_denormals(int32_t on, int32_t* supported);
/* cuDNN times its algorithms for each new shape and keeps the fastest. */
SEGNEXT_API int32_t segnext_get_cudnn_benchmark(int32_t* on);
SEGNEXT_API int32_t segnext_set_cudnn_benchmark(int32_t on);
/* TensorFloat-32 in CUDA matrix products and convolutions; reads as 1 when both allow it. */
SEGNEXT_API int32_t segnext_get_tf32(int32_t* on);
SEGNEXT_API int32_t segnext_set_tf32(int32_t on);
/* cuDNN takes algorithms alone that give the same numbers every time. */
SEGNEXT_API int32_t segnext_get_cudnn_deterministic(int32_t* on);
SEGNEXT_API int32_t segnext_set_cudnn_deterministic(int32_t on);
/* Tensor handles that exist, of all threads. */
SEGNEXT_API int32_t segnext_live_tensors(int64_t* count);

/* ---- tensor.cpp: handles, metadata, data -------------------------------------------------------------------- */

/* Frees a handle; the storage goes when its last reference does. NULL is ignored. */
SEGNEXT_API int32_t segnext_tensor_free(segnext_tensor* x);
/* A second handle to the same tensor, gradients included. */
SEGNEXT_API int32_t segnext_tensor_share(const segnext_tensor* x, segnext_tensor** result);
SEGNEXT_API int32_t segnext_tensor_rank(const segnext_tensor* x, int32_t* rank);
/* Writes `rank` sizes; fails if the tensor has another rank. */
SEGNEXT_API int32_t segnext_tensor_sizes(const segnext_tensor* x, int64_t* sizes, int32_t rank);
SEGNEXT_API int32_t segnext_tensor_strides(const segnext_tensor* x, int64_t* strides, int32_t rank);
SEGNEXT_API int32_t segnext_tensor_scalar_type(const segnext_tensor* x, int32_t* type);
/* index: -1 where a device type has no number (CPU). */
SEGNEXT_API int32_t segnext_tensor_device(const segnext_tensor* x, int32_t* device_type, int32_t* index);
SEGNEXT_API int32_t segnext_tensor_is_contiguous(const segnext_tensor* x, int32_t memory_format, int32_t* answer);
/* Address of the first element; the tensor's, valid as long as it is. */
SEGNEXT_API int32_t segnext_tensor_data(const segnext_tensor* x, void** data);
/* Copies all elements, row-major, into `bytes` bytes at destination, from any device and layout. */
SEGNEXT_API int32_t segnext_tensor_read(const segnext_tensor* x, void* destination, int64_t bytes);
/* The one element of a one-element tensor. */
SEGNEXT_API int32_t segnext_tensor_item(const segnext_tensor* x, double* value);
/* Makes x refer to the data of `data` (type, device and layout may differ), keeping x's identity as a leaf. */
SEGNEXT_API int32_t segnext_tensor_set_data(segnext_tensor* x, const segnext_tensor* data);
/* Conversions; each gives x itself (a second handle) when there is nothing to convert. */
SEGNEXT_API int32_t segnext_tensor_to_type(const segnext_tensor* x, int32_t type, segnext_tensor** result);
SEGNEXT_API int32_t segnext_tensor_to_device(const segnext_tensor* x, int32_t device_type, int32_t index,
                                             int32_t non_blocking, segnext_tensor** result);
SEGNEXT_API int32_t segnext_tensor_to_memory_format(const segnext_tensor* x, int32_t memory_format,
                                                    segnext_tensor** result);
SEGNEXT_API int32_t segnext_tensor_contiguous(const segnext_tensor* x, int32_t memory_format, segnext_tensor** result);
/* A copy with storage of its own, same layout. */
SEGNEXT_API int32_t segnext_tensor_clone(const segnext_tensor* x, segnext_tensor** result);

/* ---- creation.cpp ------------------------------------------------------------------------------------------- */

/* Uninitialised memory. */
SEGNEXT_API int32_t segnext_empty(const int64_t* sizes, int32_t rank, int32_t type, int32_t device_type,
                                  int32_t device_index, segnext_tensor** result);
SEGNEXT_API int32_t segnext_full(const int64_t* sizes, int32_t rank, double value, int32_t type, int32_t device_type,
                                 int32_t device_index, segnext_tensor** result);
/* Zeros with the shape, type, device and layout of x. */
SEGNEXT_API int32_t segnext_zeros_like(const segnext_tensor* x, segnext_tensor** result);
/* A CPU tensor holding a copy of `bytes` bytes of row-major elements; fails unless they fit the shape exactly. */
SEGNEXT_API int32_t segnext_from_data(const void* data, int64_t bytes, const int64_t* sizes, int32_t rank,
                                      int32_t type, segnext_tensor** result);
/* 0, 1, ..., count-1 as int64. */
SEGNEXT_API int32_t segnext_arange(int64_t count, int32_t device_type, int32_t device_index, segnext_tensor** result);
SEGNEXT_API int32_t segnext_cat(const segnext_tensor* const* tensors, int32_t count, int64_t dim,
                                segnext_tensor** result);
SEGNEXT_API int32_t segnext_stack(const segnext_tensor* const* tensors, int32_t count, int64_t dim,
                                  segnext_tensor** result);
/* int64 class numbers [...] to int64 indicators [..., classes]. */
SEGNEXT_API int32_t segnext_one_hot(const segnext_tensor* x, int64_t classes, segnext_tensor** result);

/* ---- elementwise.cpp ---------------------------------------------------------------------------------------- */
/* With broadcasting. A scalar with an integral value keeps an integral tensor's type, as a Python int does. */

SEGNEXT_API int32_t segnext_add(const segnext_tensor* x, const segnext_tensor* y, segnext_tensor** result);
SEGNEXT_API int32_t segnext_sub(const segnext_tensor* x, const segnext_tensor* y, segnext_tensor** result);
SEGNEXT_API int32_t segnext_mul(const segnext_tensor* x, const segnext_tensor* y, segnext_tensor** result);
SEGNEXT_API int32_t segnext_div(const segnext_tensor* x, const segnext_tensor* y, segnext_tensor** result);
SEGNEXT_API int32_t segnext_add_scalar(const segnext_tensor* x, double y, segnext_tensor** result);
SEGNEXT_API int32_t segnext_mul_scalar(const segnext_tensor* x, double y, segnext_tensor** result);
SEGNEXT_API int32_t segnext_div_scalar(const segnext_tensor* x, double y, segnext_tensor** result);
/* y - x and y / x. */
SEGNEXT_API int32_t segnext_scalar_sub(double y, const segnext_tensor* x, segnext_tensor** result);
SEGNEXT_API int32_t segnext_scalar_div(double y, const segnext_tensor* x, segnext_tensor** result);
SEGNEXT_API int32_t segnext_neg(const segnext_tensor* x, segnext_tensor** result);
SEGNEXT_API int32_t segnext_exp(const segnext_tensor* x, segnext_tensor** result);
SEGNEXT_API int32_t segnext_log(const segnext_tensor* x, segnext_tensor** result);
SEGNEXT_API int32_t segnext_sqrt(const segnext_tensor* x, segnext_tensor** result);
SEGNEXT_API int32_t segnext_abs(const segnext_tensor* x, segnext_tensor** result);
SEGNEXT_API int32_t segnext_pow(const segnext_tensor* x, double exponent, segnext_tensor** result);
SEGNEXT_API int32_t segnext_sigmoid(const segnext_tensor* x, segnext_tensor** result);
SEGNEXT_API int32_t segnext_relu(const segnext_tensor* x, segnext_tensor** result);
/* x * Phi(x), Phi by the error function (not the tanh form). */
SEGNEXT_API int32_t segnext_gelu(const segnext_tensor* x, segnext_tensor** result);
/* An infinite bound does not bound. */
SEGNEXT_API int32_t segnext_clamp(const segnext_tensor* x, double min, double max, segnext_tensor** result);
/* Comparisons give bool tensors. */
SEGNEXT_API int32_t segnext_eq(const segnext_tensor* x, const segnext_tensor* y, segnext_tensor** result);
SEGNEXT_API int32_t segnext_ne(const segnext_tensor* x, const segnext_tensor* y, segnext_tensor** result);
SEGNEXT_API int32_t segnext_lt(const segnext_tensor* x, const segnext_tensor* y, segnext_tensor** result);
SEGNEXT_API int32_t segnext_gt(const segnext_tensor* x, const segnext_tensor* y, segnext_tensor** result);
SEGNEXT_API int32_t segnext_ge(const segnext_tensor* x, const segnext_tensor* y, segnext_tensor** result);
SEGNEXT_API int32_t segnext_eq_scalar(const segnext_tensor* x, double y, segnext_tensor** result);
SEGNEXT_API int32_t segnext_ne_scalar(const segnext_tensor* x, double y, segnext_tensor** result);
SEGNEXT_API int32_t segnext_lt_scalar(const segnext_tensor* x, double y, segnext_tensor** result);
SEGNEXT_API int32_t segnext_gt_scalar(const segnext_tensor* x, double y, segnext_tensor** result);
SEGNEXT_API int32_t segnext_ge_scalar(const segnext_tensor* x, double y, segnext_tensor** result);
/* x where condition (bool) holds, else y. */
SEGNEXT_API int32_t segnext_where(const segnext_tensor* condition, const segnext_tensor* x, const segnext_tensor* y,
                                  segnext_tensor** result);
/* In place; each changes x and gives nothing back. */
SEGNEXT_API int32_t segnext_copy_inplace(segnext_tensor* x, const segnext_tensor* source);
SEGNEXT_API int32_t segnext_fill_inplace(segnext_tensor* x, double value);
/* x += alpha * y */
SEGNEXT_API int32_t segnext_add_inplace(segnext_tensor* x, const segnext_tensor* y, double alpha);
SEGNEXT_API int32_t segnext_add_scalar_inplace(segnext_tensor* x, double y);
SEGNEXT_API int32_t segnext_mul_inplace(segnext_tensor* x, const segnext_tensor* y);
SEGNEXT_API int32_t segnext_mul_scalar_inplace(segnext_tensor* x, double y);
/* x += weight * (end - x) */
SEGNEXT_API int32_t segnext_lerp_inplace(segnext_tensor* x, const segnext_tensor* end, double weight);

/* ---- shape.cpp: views and rearrangements -------------------------------------------------------------------- */

SEGNEXT_API int32_t segnext_transpose(const segnext_tensor* x, int64_t dim0, int64_t dim1, segnext_tensor** result);
SEGNEXT_API int32_t segnext_permute(const segnext_tensor* x, const int64_t* dims, int32_t count,
                                    segnext_tensor** result);
/* One size may be -1. reshape copies where a view is not possible, view fails. */
SEGNEXT_API int32_t segnext_reshape(const segnext_tensor* x, const int64_t* sizes, int32_t rank,
                                    segnext_tensor** result);
SEGNEXT_API int32_t segnext_view(const segnext_tensor* x, const int64_t* sizes, int32_t rank, segnext_tensor** result);
SEGNEXT_API int32_t segnext_flatten(const segnext_tensor* x, int64_t start, int64_t end, segnext_tensor** result);
SEGNEXT_API int32_t segnext_unsqueeze(const segnext_tensor* x, int64_t dim, segnext_tensor** result);
SEGNEXT_API int32_t segnext_squeeze(const segnext_tensor* x, int64_t dim, segnext_tensor** result);
/* -1 keeps a size. */
SEGNEXT_API int32_t segnext_expand(const segnext_tensor* x, const int64_t* sizes, int32_t rank,
                                   segnext_tensor** result);
SEGNEXT_API int32_t segnext_narrow(const segnext_tensor* x, int64_t dim, int64_t start, int64_t length,
                                   segnext_tensor** result);
SEGNEXT_API int32_t segnext_select(const segnext_tensor* x, int64_t dim, int64_t index, segnext_tensor** result);
SEGNEXT_API int32_t segnext_index_select(const segnext_tensor* x, int64_t dim, const segnext_tensor* index,
                                         segnext_tensor** result);
SEGNEXT_API int32_t segnext_gather(const segnext_tensor* x, int64_t dim, const segnext_tensor* index,
                                   segnext_tensor** result);
SEGNEXT_API int32_t segnext_flip(const segnext_tensor* x, const int64_t* dims, int32_t count, segnext_tensor** result);
/* Pads from the last dimension backwards, (before, after) pairs; mode 0 constant, 1 reflect, 2 replicate. */
SEGNEXT_API int32_t segnext_pad(const segnext_tensor* x, const int64_t* padding, int32_t count, int32_t mode,
                                double value, segnext_tensor** result);

/* ---- linear.cpp: products and reductions -------------------------------------------------------------------- */

SEGNEXT_API int32_t segnext_matmul(const segnext_tensor* x, const segnext_tensor* y, segnext_tensor** result);
/* [B, n, k] x [B, k, m] */
SEGNEXT_API int32_t segnext_bmm(const segnext_tensor* x, const segnext_tensor* y, segnext_tensor** result);
/* x [..., in] * weight [out, in]^T + bias [out] (optional) */
SEGNEXT_API int32_t segnext_linear(const segnext_tensor* x, const segnext_tensor* weight, const segnext_tensor* bias,
                                   segnext_tensor** result);
/* Reductions over `dims`; over all of them when count is 0. */
SEGNEXT_API int32_t segnext_sum(const segnext_tensor* x, const int64_t* dims, int32_t count, int32_t keep_dim,
                                segnext_tensor** result);
SEGNEXT_API int32_t segnext_mean(const segnext_tensor* x, const int64_t* dims, int32_t count, int32_t keep_dim,
                                 segnext_tensor** result);
/* Euclidean norm. */
SEGNEXT_API int32_t segnext_norm(const segnext_tensor* x, const int64_t* dims, int32_t count, int32_t keep_dim,
                                 segnext_tensor** result);
/* Largest and smallest values over `dims`; over all of them when count is 0. */
SEGNEXT_API int32_t segnext_max(const segnext_tensor* x, const int64_t* dims, int32_t count, int32_t keep_dim,
                                segnext_tensor** result);
SEGNEXT_API int32_t segnext_min(const segnext_tensor* x, const int64_t* dims, int32_t count, int32_t keep_dim,
                                segnext_tensor** result);
SEGNEXT_API int32_t segnext_argmax(const segnext_tensor* x, int64_t dim, int32_t keep_dim, segnext_tensor** result);
/* The k largest (or smallest) of a dimension, sorted; two new handles. */
SEGNEXT_API int32_t segnext_topk(const segnext_tensor* x, int64_t k, int64_t dim, int32_t largest,
                                 segnext_tensor** values, segnext_tensor** indices);
/* A dimension in order, equal elements in the order that they had; two new handles. */
SEGNEXT_API int32_t segnext_sort(const segnext_tensor* x, int64_t dim, int32_t descending, segnext_tensor** values,
                                 segnext_tensor** indices);
/* The k-th smallest of a dimension, k from 1. */
SEGNEXT_API int32_t segnext_kth_value(const segnext_tensor* x, int64_t k, int64_t dim, int32_t keep_dim,
                                      segnext_tensor** result);
/* Sums of the elements up to each one, along a dimension. */
SEGNEXT_API int32_t segnext_cumsum(const segnext_tensor* x, int64_t dim, segnext_tensor** result);
SEGNEXT_API int32_t segnext_logsumexp(const segnext_tensor* x, int64_t dim, int32_t keep_dim,
                                      segnext_tensor** result);
/* How often each of 0 ... bins-1 (and beyond, where there is more) occurs in x, one-dimensional non-negative integers. */
SEGNEXT_API int32_t segnext_bincount(const segnext_tensor* x, int64_t bins, segnext_tensor** result);
SEGNEXT_API int32_t segnext_softmax(const segnext_tensor* x, int64_t dim, segnext_tensor** result);
SEGNEXT_API int32_t segnext_log_softmax(const segnext_tensor* x, int64_t dim, segnext_tensor** result);
/* 1 unless some element is infinite or not a number. */
SEGNEXT_API int32_t segnext_all_finite(const segnext_tensor* x, int32_t* answer);

/* ---- conv.cpp: convolution, normalisation, resampling, loss -------------------------------------------------- */

/* x [N, C, H, W], weight [O, C/groups, kh, kw], bias [O] (optional). */
SEGNEXT_API int32_t segnext_conv2d(const segnext_tensor* x, const segnext_tensor* weight, const segnext_tensor* bias,
                                   int64_t stride_h, int64_t stride_w, int64_t padding_h, int64_t padding_w,
                                   int64_t dilation_h, int64_t dilation_w, int64_t groups, segnext_tensor** result);
/* All four parameters optional; running statistics are updated in place when training. */
SEGNEXT_API int32_t segnext_batch_norm(const segnext_tensor* x, const segnext_tensor* weight,
                                       const segnext_tensor* bias, const segnext_tensor* running_mean,
                                       const segnext_tensor* running_var, int32_t training, double momentum,
                                       double eps, segnext_tensor** result);
SEGNEXT_API int32_t segnext_layer_norm(const segnext_tensor* x, const int64_t* normalized_shape, int32_t rank,
                                       const segnext_tensor* weight, const segnext_tensor* bias, double eps,
                                       segnext_tensor** result);
SEGNEXT_API int32_t segnext_group_norm(const segnext_tensor* x, int64_t groups, const segnext_tensor* weight,
                                       const segnext_tensor* bias, double eps, segnext_tensor** result);
/* x [N, C, H, W] to [N, C, height, width]; mode 0 nearest, 1 bilinear, 2 bicubic. */
SEGNEXT_API int32_t segnext_interpolate(const segnext_tensor* x, int64_t height, int64_t width, int32_t mode,
                                        int32_t align_corners, segnext_tensor** result);
SEGNEXT_API int32_t segnext_avg_pool2d(const segnext_tensor* x, int64_t kernel_h, int64_t kernel_w, int64_t stride_h,
                                       int64_t stride_w, int64_t padding_h, int64_t padding_w,
                                       segnext_tensor** result);
SEGNEXT_API int32_t segnext_max_pool2d(const segnext_tensor* x, int64_t kernel_h, int64_t kernel_w, int64_t stride_h,
                                       int64_t stride_w, int64_t padding_h, int64_t padding_w,
                                       segnext_tensor** result);
SEGNEXT_API int32_t segnext_adaptive_avg_pool2d(const segnext_tensor* x, int64_t height, int64_t width,
                                                segnext_tensor** result);
/* logits [N, K, ...], target [N, ...] int64, weight [K] (optional); reduction 0 none, 1 mean, 2 sum. */
SEGNEXT_API int32_t segnext_cross_entropy(const segnext_tensor* logits, const segnext_tensor* target,
                                          const segnext_tensor* weight, int64_t ignore_index, int32_t reduction,
                                          double label_smoothing, segnext_tensor** result);

/* ---- autograd.cpp ------------------------------------------------------------------------------------------- */

/* Whether this thread records gradients. */
SEGNEXT_API int32_t segnext_get_grad_mode(int32_t* on);
SEGNEXT_API int32_t segnext_set_grad_mode(int32_t on);
SEGNEXT_API int32_t segnext_get_requires_grad(const segnext_tensor* x, int32_t* on);
SEGNEXT_API int32_t segnext_set_requires_grad(segnext_tensor* x, int32_t on);
/* A second tensor over the same storage, outside the graph. */
SEGNEXT_API int32_t segnext_detach(const segnext_tensor* x, segnext_tensor** result);
/* Accumulates the leaves' gradients; gradient (optional) is needed unless x has one element. */
SEGNEXT_API int32_t segnext_backward(const segnext_tensor* x, const segnext_tensor* gradient, int32_t retain_graph);
/* The accumulated gradient, sharing storage; *result is NULL when there is none. */
SEGNEXT_API int32_t segnext_get_grad(const segnext_tensor* x, segnext_tensor** result);
/* Drops the gradients of `count` tensors. */
SEGNEXT_API int32_t segnext_clear_grads(segnext_tensor* const* tensors, int32_t count);
/* d output / d inputs without touching the leaves' gradients; writes `count` new handles. An input that output does
 * not depend on gets NULL where allow_unused is set, and else is an error. */
SEGNEXT_API int32_t segnext_grad(const segnext_tensor* output, const segnext_tensor* gradient,
                                 const segnext_tensor* const* inputs, int32_t count, int32_t create_graph,
                                 int32_t allow_unused, segnext_tensor** results);

/* ---- function.cpp: functions with a derivative of the caller's ----------------------------------------------- */

/* Records that `outputs`, computed without recording, came from `inputs` by a function whose derivative is `backward`;
 * writes `output_count` new handles to the outputs, which are then part of the graph. Nothing is recorded where no input
 * requires a gradient or this thread does not record. `saved` is kept for backward until the pass is done, and backward
 * fails if it was changed in place meanwhile; it may hold inputs and outputs. `state` goes to backward, and to release
 * as soon as nothing can call backward any more, also when this call fails. */
SEGNEXT_API int32_t segnext_custom_function(const segnext_tensor* const* inputs, int32_t input_count,
                                            const segnext_tensor* const* outputs, int32_t output_count,
                                            const segnext_tensor* const* saved, int32_t saved_count,
                                            segnext_backward_function backward, segnext_release_function release,
                                            void* state, segnext_tensor** results);
/* What the callback returned that made this thread's last call end with SEGNEXT_CALLBACK_ERROR. */
SEGNEXT_API int32_t segnext_last_callback_error(int64_t* failure);

/* ---- memory.cpp ---------------------------------------------------------------------------------------------- */

/* Counts what libtorch allocates from now on on behalf of this thread, backward passes included. Meters nest. */
SEGNEXT_API int32_t segnext_memory_meter_start(segnext_memory_meter** result);
/* Bytes of a device type that were allocated since the start and still are, and the most that there were at a time. */
SEGNEXT_API int32_t segnext_memory_meter_read(const segnext_memory_meter* meter, int32_t device_type, int64_t* live,
                                              int64_t* peak);
/* Ends counting and frees the meter; on the thread that started it, inner meters first. */
SEGNEXT_API int32_t segnext_memory_meter_stop(segnext_memory_meter* meter);

/* ---- amp.cpp: mixed precision -------------------------------------------------------------------------------- */

/* Whether operations of this thread on a device type (CPU, CUDA) convert their inputs, and to which scalar type. */
SEGNEXT_API int32_t segnext_autocast_get(int32_t device_type, int32_t* on, int32_t* type);
/* Sets both, and turns the cache of converted weights off for this thread. */
SEGNEXT_API int32_t segnext_autocast_set(int32_t device_type, int32_t on, int32_t type);
/* Divides the gradients by `scale`; finite: 1 unless one of them is then infinite or not a number. */
SEGNEXT_API int32_t segnext_unscale_grads(segnext_tensor* const* parameters, int32_t count, double scale,
                                          int32_t* finite);

/* ---- device.cpp: devices that compute beside the program ------------------------------------------------------ */

/* Waits until a device has done what this thread's stream was given; nothing to wait for on the CPU. */
SEGNEXT_API int32_t segnext_synchronize(int32_t device_type, int32_t device_index);
/* Waits for the device, then begins to measure; freed by segnext_stopwatch_stop. */
SEGNEXT_API int32_t segnext_stopwatch_start(int32_t device_type, int32_t device_index, segnext_stopwatch** result);
/* Waits for the device and ends the measurement. by_events: 1 where the device's own clock measured, 0 where the
 * program's did (the CPU, libtorch before 2.5). */
SEGNEXT_API int32_t segnext_stopwatch_stop(segnext_stopwatch* watch, double* milliseconds, int32_t* by_events);
/* Uninitialised memory of the CPU that a GPU can read by itself; fails without a GPU. */
SEGNEXT_API int32_t segnext_empty_pinned(const int64_t* sizes, int32_t rank, int32_t type, segnext_tensor** result);

/* ---- graph.cpp: CUDA graphs ----------------------------------------------------------------------------------- */

/* 0 where the shim was built without CUDA's headers or libtorch is without CUDA; the other entries fail then. */
SEGNEXT_API int32_t segnext_graphs_available(int32_t* available);
/* From here to segnext_graph_end this thread's operations on the device are recorded, not run. Nothing in between may
 * wait for the device or copy to or from the CPU. */
SEGNEXT_API int32_t segnext_graph_begin(int32_t device_index, segnext_graph** result);
/* Where it fails the graph is to be freed all the same. */
SEGNEXT_API int32_t segnext_graph_end(segnext_graph* graph);
/* Runs what was recorded, on the same memory, on this thread's stream. */
SEGNEXT_API int32_t segnext_graph_replay(segnext_graph* graph);
SEGNEXT_API int32_t segnext_graph_free(segnext_graph* graph);

/* ---- random.cpp --------------------------------------------------------------------------------------------- */

/* A generator of its own; freed with segnext_generator_free. */
SEGNEXT_API int32_t segnext_generator_new(uint64_t seed, int32_t device_type, int32_t device_index,
                                          segnext_generator** result);
SEGNEXT_API int32_t segnext_generator_free(segnext_generator* generator);
SEGNEXT_API int32_t segnext_generator_seed(segnext_generator* generator, uint64_t seed);
/* The state as a new uint8 CPU tensor, and back. */
SEGNEXT_API int32_t segnext_generator_get_state(const segnext_generator* generator, segnext_tensor** result);
SEGNEXT_API int32_t segnext_generator_set_state(segnext_generator* generator, const segnext_tensor* state);
/* Fill x with draws: uniform on [low, high), normal, or 1 with probability p and else 0. */
SEGNEXT_API int32_t segnext_uniform_inplace(segnext_tensor* x, double low, double high, segnext_generator* generator);
SEGNEXT_API int32_t segnext_normal_inplace(segnext_tensor* x, double mean, double std, segnext_generator* generator);
SEGNEXT_API int32_t segnext_bernoulli_inplace(segnext_tensor* x, double p, segnext_generator* generator);
/* A random order of 0 ... count-1, int64 on the CPU. */
SEGNEXT_API int32_t segnext_randperm(int64_t count, segnext_generator* generator, segnext_tensor** result);

/* ---- optimizer.cpp ------------------------------------------------------------------------------------------ */

/* One AdamW step (decoupled decay, bias correction) over `count` parameters with their states and their own rates.
 * Parameters without a gradient are left alone; the others' entry in steps goes up by one first. */
SEGNEXT_API int32_t segnext_adamw_step(segnext_tensor* const* parameters, segnext_tensor* const* exp_avg,
                                       segnext_tensor* const* exp_avg_sq, const double* learning_rates,
                                       const double* weight_decays, int64_t* steps, int32_t count, double beta1,
                                       double beta2, double eps);
/* Scales the gradients so that their joint Euclidean norm is at most max_norm; norm: what it was before. */
SEGNEXT_API int32_t segnext_clip_grad_norm(segnext_tensor* const* parameters, int32_t count, double max_norm,
                                           double* norm);

/* ---- muon.cpp ------------------------------------------------------------------------------------------------- */

/* One step of Muon over `count` matrices, each with its momentum, a running mean of gradients of decay `momentum`: the
 * mean, one step ahead (Nesterov), is orthogonalised in `rounds` Newton-Schulz rounds and scaled by
 * 0.2 sqrt(max(rows, columns)) and the rate; decay is decoupled. A weight of more dimensions is a matrix whose rows are its
 * first dimension's. Parameters without a gradient are left alone; the others' entry in steps goes up by one. */
SEGNEXT_API int32_t segnext_muon_step(segnext_tensor* const* parameters, segnext_tensor* const* momenta,
                                      const double* learning_rates, const double* weight_decays, int64_t* steps,
                                      int32_t count, double momentum, int32_t rounds);

/* ---- distributed.cpp: processes that compute together --------------------------------------------------------- */

/* Which backends the build has: gloo, by the network, and NCCL, between GPUs. Without either, every other entry of this
 * topic and the next fails. Times are milliseconds. */
SEGNEXT_API int32_t segnext_distributed_backends(int32_t* has_gloo, int32_t* has_nccl);
/* A connection to the store of keys and values at address:port, which one process serves. With size > 0 the server waits
 * until as many processes have connected. timeout: of the connection, and of waiting for a key. */
SEGNEXT_API int32_t segnext_store_new(const char* address, int32_t port, int32_t is_server, int32_t size,
                                      int64_t timeout, segnext_store** result);
/* The server's ends the store for all. NULL is ignored. */
SEGNEXT_API int32_t segnext_store_free(segnext_store* store);
SEGNEXT_API int32_t segnext_store_set(segnext_store* store, const char* key, const uint8_t* bytes, int64_t count);
/* Waits for the key; its value as a uint8 tensor. */
SEGNEXT_API int32_t segnext_store_get(segnext_store* store, const char* key, segnext_tensor** result);
SEGNEXT_API int32_t segnext_store_check(segnext_store* store, const char* key, int32_t* present);
/* Adds to a counter, which starts at 0; sum: its value then. */
SEGNEXT_API int32_t segnext_store_add(segnext_store* store, const char* key, int64_t amount, int64_t* sum);
/* Joins the group of a name; every one of its `size` processes calls this, with its rank from 0. backend: 0 gloo, 1 NCCL.
 * gloo listens at the interface of the given name, else at the address, else where the host's name points; both
 * optional. timeout: after which an operation that a process does not take part in fails. */
SEGNEXT_API int32_t segnext_process_group_new(segnext_store* store, const char* name, int32_t rank, int32_t size,
                                              int32_t backend, const char* address, const char* network_interface,
                                              int64_t timeout, segnext_process_group** result);
/* Waits for operations under way. NULL is ignored. */
SEGNEXT_API int32_t segnext_process_group_free(segnext_process_group* group);
/* The operations below are called by all processes of the group in the same order, with tensors of the same shape and
 * type, dense in memory in the same order. x becomes the sum of all processes' x, the same bits in each. Without `work`
 * the call waits; with it, it gives a handle to be waited for and freed, and x is not touched before. */
SEGNEXT_API int32_t segnext_all_reduce(segnext_process_group* group, segnext_tensor* x, segnext_work** work);
/* Every process's x, `size` new handles by rank. */
SEGNEXT_API int32_t segnext_all_gather(segnext_process_group* group, const segnext_tensor* x, segnext_tensor** results,
                                       int32_t size);
/* x becomes that of the rank `root`. */
SEGNEXT_API int32_t segnext_broadcast(segnext_process_group* group, segnext_tensor* x, int32_t root);
/* Returns when all processes have called it. */
SEGNEXT_API int32_t segnext_barrier(segnext_process_group* group);
SEGNEXT_API int32_t segnext_work_wait(segnext_work* work);
/* NULL is ignored. */
SEGNEXT_API int32_t segnext_work_free(segnext_work* work);

/* ---- reducer.cpp: gradients over processes -------------------------------------------------------------------- */

/* Averages the gradients of leaves over the group during backward passes, bucket by bucket as they are ready; all
 * processes give the same leaves. A leaf that no process's pass reaches keeps the gradient that it has. */
SEGNEXT_API int32_t segnext_reducer_new(segnext_process_group* group, const segnext_tensor* const* parameters,
                                        int32_t count, int64_t first_bucket_bytes, int64_t bucket_bytes,
                                        segnext_reducer** result);
/* The next backward pass, which starts at `output`, ends with averaged gradients; without this call a pass adds to each
 * process's own. */
SEGNEXT_API int32_t segnext_reducer_prepare(segnext_reducer* reducer, const segnext_tensor* output);
/* Before its group. NULL is ignored. */
SEGNEXT_API int32_t segnext_reducer_free(segnext_reducer* reducer);

#ifdef __cplusplus
}
#endif

#endif
