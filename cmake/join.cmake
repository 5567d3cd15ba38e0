# Sources of a target are compiled in units of a few: most of the time goes into what they have in
# common. tools/units.py says which may share a unit; configuring again sorts out what an edit made
# to clash. With WEIR_JOIN off each source has to include whatever it uses.
option(WEIR_JOIN "Compile the sources of a target in units" ON)

# g++ tidies its memory often, which is a tenth of its time; without it a unit takes 1 GB at most.
# And it takes a source within a unit for a header, which should not use unnamed namespaces.
if(CMAKE_CXX_COMPILER_ID STREQUAL "GNU")
  add_compile_options(--param=ggc-min-expand=400 --param=ggc-min-heapsize=2000000
    $<$<BOOL:${WEIR_JOIN}>:-Wno-subobject-linkage>)
endif()

# All targets of a folder and those below it.
function(find_targets folder result)
  get_property(found DIRECTORY ${folder} PROPERTY BUILDSYSTEM_TARGETS)
  get_property(below DIRECTORY ${folder} PROPERTY SUBDIRECTORIES)
  foreach(each IN LISTS below)
    find_targets(${each} more)
    list(APPEND found ${more})
  endforeach()
  set(${result} ${found} PARENT_SCOPE)
endfunction()

# TARGET SOURCE ... for each target with sources of its own, as paths from the root.
function(list_sources result)
  find_targets(${PROJECT_SOURCE_DIR} targets)
  foreach(target IN LISTS targets)
    get_target_property(sources ${target} SOURCES)
    get_target_property(folder ${target} SOURCE_DIR)
    set(paths "")
    foreach(source IN LISTS sources)
      cmake_path(ABSOLUTE_PATH source BASE_DIRECTORY ${folder} NORMALIZE)
      cmake_path(IS_PREFIX PROJECT_BINARY_DIR ${source} is_generated)
      if(source MATCHES "\\.cc$" AND NOT is_generated)
        cmake_path(RELATIVE_PATH source BASE_DIRECTORY ${PROJECT_SOURCE_DIR})
        string(APPEND paths " ${source}")
      endif()
    endforeach()
    string(APPEND lines "${target}${paths}\n")
  endforeach()
  set(${result} "${lines}" PARENT_SCOPE)
endfunction()

function(join_sources)
  list_sources(lines)
  set(list ${PROJECT_BINARY_DIR}/sources.txt)
  file(WRITE ${list} "${lines}")
  execute_process(COMMAND python3 tools/units.py 6
    INPUT_FILE ${list} OUTPUT_VARIABLE units OUTPUT_STRIP_TRAILING_WHITESPACE
    WORKING_DIRECTORY ${PROJECT_SOURCE_DIR} COMMAND_ERROR_IS_FATAL ANY)
  string(REPLACE "\n" ";" units "${units}")
  foreach(unit IN LISTS units)
    separate_arguments(unit UNIX_COMMAND "${unit}")
    list(POP_FRONT unit target name)
    list(TRANSFORM unit PREPEND ${PROJECT_SOURCE_DIR}/)
    set_target_properties(${target} PROPERTIES UNITY_BUILD ON UNITY_BUILD_MODE GROUP)
    set_property(SOURCE ${unit} TARGET_DIRECTORY ${target} PROPERTY UNITY_GROUP ${target}_${name})
  endforeach()
endfunction()
