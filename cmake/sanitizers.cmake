# WEIR_SANITIZE is a list for -fsanitize=, for example "address,undefined"; empty means none.
if(WEIR_SANITIZE)
  add_compile_options(-fsanitize=${WEIR_SANITIZE} -fno-omit-frame-pointer -fno-sanitize-recover=all)
  # What reads through a bad pointer ends under the address sanitizer already; these checks of every
  # access are a third of the time to compile. The fuzzers have them.
  if(WEIR_SANITIZE MATCHES "address" AND NOT WEIR_FUZZ)
    add_compile_options(-fno-sanitize=null,alignment,object-size,vptr)
  endif()
  add_link_options(-fsanitize=${WEIR_SANITIZE})
endif()

# Code that only tests runs once, and is half of what there is to compile: it is not optimised, and
# its own temporaries are not watched, which takes a third of the time.
add_library(weir_test_code INTERFACE)
if(CMAKE_BUILD_TYPE STREQUAL "Debug")
  target_compile_options(weir_test_code INTERFACE -O0)
  if(WEIR_SANITIZE MATCHES "address" AND CMAKE_CXX_COMPILER_ID STREQUAL "GNU")
    target_compile_options(weir_test_code INTERFACE -fno-sanitize-address-use-after-scope)
  endif()
endif()
target_link_libraries(weir_test_code INTERFACE weir_warnings)
