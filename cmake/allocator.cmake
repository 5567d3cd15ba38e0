# An eighth of a plan's time goes to the allocator; docs/decisions/0014 has the numbers. The
# sanitizers bring their own.
find_library(MIMALLOC mimalloc)

function(weir_faster_allocator program)
  if(MIMALLOC AND NOT WEIR_SANITIZE)
    target_link_options(${program} PRIVATE
      -Wl,--push-state,--no-as-needed ${MIMALLOC} -Wl,--pop-state)
  endif()
endfunction()
