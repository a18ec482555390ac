# Sets SEGNEXT_DISTRIBUTED_DEFINITIONS and SEGNEXT_DISTRIBUTED_INCLUDES: what of c10d, libtorch's data-parallel training, the
# libtorch at hand has. Versions differ and packages leave things out, so the sources themselves are the test: with NCCL where
# its header is found, without it otherwise, and without c10d where they do not build at all.
set(SEGNEXT_DISTRIBUTED_INCLUDES "")
set(SEGNEXT_DISTRIBUTED_DEFINITIONS "")

function(segnext_try_distributed result definitions includes)
  string(REPLACE " " ";" flags "${TORCH_CXX_FLAGS} -idirafter ${CMAKE_CURRENT_SOURCE_DIR}/compat")
  # What these sources need of libtorch is looked for, not what libtorch itself needs: the driver's library, say, is not on every
  # machine that builds. The shim is linked as a library, which does not ask for it either.
  set(link_options "")
  if(CMAKE_SYSTEM_NAME STREQUAL "Linux")
    set(link_options LINK_OPTIONS -Wl,--allow-shlib-undefined)
  endif()
  foreach(name IN ITEMS distributed reducer)
    try_compile(built "${CMAKE_BINARY_DIR}/try-${name}"
      SOURCES "${CMAKE_CURRENT_SOURCE_DIR}/src/${name}.cpp"
      CMAKE_FLAGS
        "-DINCLUDE_DIRECTORIES=${CMAKE_CURRENT_SOURCE_DIR}/include;${CMAKE_CURRENT_SOURCE_DIR}/src;${TORCH_INCLUDE_DIRS};${includes}"
      COMPILE_DEFINITIONS -DSEGNEXT_PROBE ${definitions} ${flags}
      ${link_options}
      LINK_LIBRARIES ${TORCH_LIBRARIES}
      OUTPUT_VARIABLE output
      CXX_STANDARD ${SEGNEXT_CXX_STANDARD})
    if(NOT built)
      file(WRITE "${CMAKE_BINARY_DIR}/try-${name}.log" "${output}")
      set(${result} FALSE PARENT_SCOPE)
      return()
    endif()
  endforeach()
  set(${result} TRUE PARENT_SCOPE)
endfunction()

# NCCL's header: the one that a Python wheel of PyTorch brings beside it, else the system's.
if(SEGNEXT_CUDA_INCLUDE)
  find_path(SEGNEXT_NCCL_INCLUDE nccl.h HINTS ${SEGNEXT_CUDA_INCLUDE})
  if(SEGNEXT_NCCL_INCLUDE)
    segnext_try_distributed(found "-DSEGNEXT_WITH_NCCL" "${SEGNEXT_CUDA_INCLUDE};${SEGNEXT_NCCL_INCLUDE}")
    if(found)
      set(SEGNEXT_DISTRIBUTED_INCLUDES "${SEGNEXT_NCCL_INCLUDE}")
      set(SEGNEXT_DISTRIBUTED_DEFINITIONS SEGNEXT_WITH_NCCL)
      message(STATUS "data parallel: gloo and NCCL")
    else()
      message(STATUS "NCCL: what there is of it does not build (${CMAKE_BINARY_DIR}/try-*.log)")
    endif()
  else()
    message(STATUS "NCCL: no nccl.h (a folder with it: -DSEGNEXT_NCCL_INCLUDE=…)")
  endif()
endif()

if(NOT SEGNEXT_DISTRIBUTED_DEFINITIONS)
  segnext_try_distributed(found "" "")
  if(found)
    message(STATUS "data parallel: gloo")
  else()
    set(SEGNEXT_DISTRIBUTED_DEFINITIONS SEGNEXT_WITHOUT_DISTRIBUTED)
    message(STATUS "data parallel: none, since this libtorch has no c10d that builds (${CMAKE_BINARY_DIR}/try-*.log)")
  endif()
endif()
