# Warnings of every target of ours; errors only where CI asks for them (WEIR_WERROR).
add_library(weir_warnings INTERFACE)
target_compile_options(weir_warnings INTERFACE
  -Wall -Wextra -Wpedantic -Wshadow -Wconversion -Wnon-virtual-dtor -Wold-style-cast
  $<$<BOOL:${WEIR_WERROR}>:-Werror>)
if(CMAKE_CXX_COMPILER_ID STREQUAL "GNU")
  # g++ 12 reports false positives of these two inside libstdc++ when it inlines with sanitizers on.
  target_compile_options(weir_warnings INTERFACE -Wno-maybe-uninitialized -Wno-restrict)
endif()
