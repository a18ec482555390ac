# Sets SEGNEXT_CUDA_INCLUDE to folders with CUDA's headers that libtorch's compile with, or to nothing. CUDA graphs and NCCL need
# them, and no library beside.
#
# The Python packages that come with a wheel of PyTorch spread them over several folders, and the runtime's own lack some that
# only triton or a toolkit brings. So all are searched as one, the wheel's first: they are of the CUDA that this libtorch was
# built with, and what its headers declare depends on that. Where they do not go together, each toolkit is tried by itself.
set(SEGNEXT_CUDA_INCLUDE "")
set(SEGNEXT_CUDA_HEADERS "" CACHE PATH "Folder with CUDA's headers, before all that are found")

# Drops what is not there, and adds the folder below that toolkits since 13 keep a part in.
function(segnext_cuda_folders result)
  set(folders "")
  foreach(folder IN LISTS ARGN)
    foreach(name IN ITEMS "${folder}" "${folder}/cccl")
      get_filename_component(name "${name}" ABSOLUTE)
      if(IS_DIRECTORY "${name}")
        list(APPEND folders "${name}")
      endif()
    endforeach()
  endforeach()
  list(REMOVE_DUPLICATES folders)
  set(${result} "${folders}" PARENT_SCOPE)
endfunction()

# Sets SEGNEXT_CUDA_INCLUDE to the folders if a graph's header compiles with them.
function(segnext_try_cuda_folders)
  set(folders "")
  segnext_cuda_folders(folders ${ARGN})
  find_file(SEGNEXT_CUDA_RUNTIME cuda_runtime_api.h PATHS ${folders} NO_DEFAULT_PATH)
  set(found "${SEGNEXT_CUDA_RUNTIME}")
  unset(SEGNEXT_CUDA_RUNTIME CACHE)
  if(NOT found)
    return()
  endif()
  file(WRITE "${CMAKE_BINARY_DIR}/cuda-headers.cpp" "#include <ATen/cuda/CUDAGraph.h>\nint main() { return 0; }\n")
  string(REPLACE " " ";" flags "${TORCH_CXX_FLAGS}")
  try_compile(works "${CMAKE_BINARY_DIR}/cuda-headers" "${CMAKE_BINARY_DIR}/cuda-headers.cpp"
    CMAKE_FLAGS "-DINCLUDE_DIRECTORIES=${TORCH_INCLUDE_DIRS};${folders}" "-DCMAKE_TRY_COMPILE_TARGET_TYPE=STATIC_LIBRARY"
    COMPILE_DEFINITIONS ${flags} -idirafter "${CMAKE_CURRENT_SOURCE_DIR}/compat"
    CXX_STANDARD ${SEGNEXT_CXX_STANDARD}
    OUTPUT_VARIABLE output)
  if(works)
    set(SEGNEXT_CUDA_INCLUDE "${folders}" PARENT_SCOPE)
  else()
    file(APPEND "${CMAKE_BINARY_DIR}/cuda-headers.log" "${folders}\n${output}\n")
  endif()
  unset(works CACHE)
endfunction()

if(SEGNEXT_TORCH_ROOT AND EXISTS "${SEGNEXT_TORCH_ROOT}/lib/libtorch_cuda.so")
  file(REMOVE "${CMAKE_BINARY_DIR}/cuda-headers.log")
  get_filename_component(beside "${SEGNEXT_TORCH_ROOT}" DIRECTORY)
  file(GLOB packages "${beside}/nvidia/*/include")
  set(toolkits "$ENV{CUDA_HOME}/include" "$ENV{CUDA_PATH}/include" /usr/local/cuda/include)
  find_program(SEGNEXT_NVCC nvcc)
  if(SEGNEXT_NVCC)
    get_filename_component(toolkit "${SEGNEXT_NVCC}" REALPATH)
    get_filename_component(toolkit "${toolkit}" DIRECTORY)
    list(APPEND toolkits "${toolkit}/../include" "${toolkit}/../targets/${CMAKE_SYSTEM_PROCESSOR}-linux/include")
  endif()

  segnext_try_cuda_folders(
    ${SEGNEXT_CUDA_HEADERS} ${packages} "${beside}/triton/backends/nvidia/include" ${toolkits})
  foreach(toolkit IN LISTS toolkits)
    if(NOT SEGNEXT_CUDA_INCLUDE)
      segnext_try_cuda_folders(${SEGNEXT_CUDA_HEADERS} "${toolkit}")
    endif()
  endforeach()
  if(SEGNEXT_CUDA_INCLUDE)
    message(STATUS "CUDA's headers: ${SEGNEXT_CUDA_INCLUDE}")
  else()
    message(STATUS "CUDA's headers: none that compile, so no CUDA graphs and no NCCL (a folder with them: -DSEGNEXT_CUDA_HEADERS=…; "
      "what was tried: ${CMAKE_BINARY_DIR}/cuda-headers.log)")
  endif()
endif()
