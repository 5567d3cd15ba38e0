# embed_files(TARGET OUTPUT NAMESPACE FILES ...): compiles text files into TARGET as string views,
# so that the program needs no file beside it. See embed_script.cmake for the generated shape.
function(embed_files target output)
  cmake_parse_arguments(embed "" "" "FILES" ${ARGN})
  add_custom_command(
    OUTPUT ${CMAKE_CURRENT_BINARY_DIR}/${output}
    COMMAND ${CMAKE_COMMAND} "-DFILES=${embed_FILES}" -DROOT=${CMAKE_CURRENT_SOURCE_DIR}
            -DOUTPUT=${CMAKE_CURRENT_BINARY_DIR}/${output}
            -P ${PROJECT_SOURCE_DIR}/cmake/embed_script.cmake
    DEPENDS ${embed_FILES} ${PROJECT_SOURCE_DIR}/cmake/embed_script.cmake
    WORKING_DIRECTORY ${CMAKE_CURRENT_SOURCE_DIR}
    VERBATIM)
  target_sources(${target} PRIVATE ${CMAKE_CURRENT_BINARY_DIR}/${output})
endfunction()
