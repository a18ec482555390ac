# Sets SEGNEXT_CUDA_INCLUDE to a folder with CUDA's headers that libtorch's compile with, or to nothing. Only CUDA graphs
# need them, and no library beside: a toolkit's folder does, and so do the Python packages that come with a wheel of
# PyTorch (nvidia-cuda-runtime, triton).
set(SEGNEXT_CUDA_INCLUDE "")
if(SEGNEXT_TORCH_ROOT AND EXISTS "${SEGNEXT_TORCH_ROOT}/lib/libtorch_cuda.so")
  set(candidates ${SEGNEXT_CUDA_HEADERS} "$ENV{CUDA_HOME}/include" "$ENV{CUDA_PATH}/include" /usr/local/cuda/include)
  file(GLOB beside
    "${SEGNEXT_TORCH_ROOT}/../nvidia/cu*/include"
    "${SEGNEXT_TORCH_ROOT}/../nvidia/cuda_runtime/include"
    "${SEGNEXT_TORCH_ROOT}/../triton/backends/nvidia/include")
  list(APPEND candidates ${beside})
  foreach(candidate IN LISTS candidates)
    if(NOT SEGNEXT_CUDA_INCLUDE AND EXISTS "${candidate}/cuda_runtime_api.h")
      # Some of the packages hold a part of the headers; what compiles is what counts.
      file(WRITE "${CMAKE_BINARY_DIR}/cuda-headers.cpp" "#include <ATen/cuda/CUDAGraph.h>\nint main() { return 0; }\n")
      set(folders ${TORCH_INCLUDE_DIRS} "${candidate}")
      # Headers alone are asked for: what they name lies in libraries that are not linked.
      set(kind "${CMAKE_TRY_COMPILE_TARGET_TYPE}")
      set(CMAKE_TRY_COMPILE_TARGET_TYPE STATIC_LIBRARY)
      try_compile(works "${CMAKE_BINARY_DIR}/cuda-headers" "${CMAKE_BINARY_DIR}/cuda-headers.cpp"
        CMAKE_FLAGS "-DINCLUDE_DIRECTORIES=${folders}"
        CXX_STANDARD ${SEGNEXT_CXX_STANDARD}
        OUTPUT_VARIABLE output)
      set(CMAKE_TRY_COMPILE_TARGET_TYPE "${kind}")
      if(works)
        set(SEGNEXT_CUDA_INCLUDE "${candidate}")
      else()
        file(WRITE "${CMAKE_BINARY_DIR}/cuda-headers.log" "${candidate}\n${output}\n")
      endif()
      unset(works CACHE)
    endif()
  endforeach()
  if(SEGNEXT_CUDA_INCLUDE)
    message(STATUS "CUDA's headers: ${SEGNEXT_CUDA_INCLUDE}")
  else()
    message(STATUS "CUDA's headers: none that compile, so no CUDA graphs (a folder with them: -DSEGNEXT_CUDA_HEADERS=…)")
  endif()
endif()
