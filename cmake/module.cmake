# One target a folder: add_module(NAME SOURCES ... [LINKS ...] [PRIVATE_LINKS ...] [TESTS ...]).
# Sets warnings and the root include path; TESTS become one test program, tests/NAME.
function(add_module name)
  cmake_parse_arguments(module "" "" "SOURCES;LINKS;PRIVATE_LINKS" ${ARGN})
  add_library(weir_${name} STATIC ${module_SOURCES})
  add_library(weir::${name} ALIAS weir_${name})
  target_include_directories(weir_${name} PUBLIC ${PROJECT_SOURCE_DIR})
  target_link_libraries(weir_${name} PUBLIC ${module_LINKS}
    PRIVATE weir_warnings ${module_PRIVATE_LINKS})
endfunction()

# add_module_test(NAME SOURCES ... [LINKS ...] [TIMEOUT seconds]): a GoogleTest program whose tests
# ctest runs singly. Those that may take long begin first, so that none is left over at the end.
function(add_module_test name)
  cmake_parse_arguments(test "" "TIMEOUT" "SOURCES;LINKS;LABELS" ${ARGN})
  if(NOT test_TIMEOUT)
    set(test_TIMEOUT 60)
  endif()
  add_executable(${name} ${test_SOURCES})
  target_include_directories(${name} PRIVATE ${PROJECT_SOURCE_DIR})
  target_link_libraries(${name} PRIVATE weir_test_code ${test_LINKS} fmt::fmt GTest::gtest GTest::gtest_main)
  target_precompile_headers(${name} REUSE_FROM weir_test_headers)
  gtest_discover_tests(${name} DISCOVERY_MODE PRE_TEST
    PROPERTIES TIMEOUT ${test_TIMEOUT} COST ${test_TIMEOUT} LABELS "${test_LABELS}")
endfunction()
