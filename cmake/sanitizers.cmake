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
